import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, it, onTestFinished } from "vitest";
import { requirement } from "../requirements.js";

const MAIN = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
const LINES = 4000;
const INPUT = Array.from({ length: LINES }, (_, at) => `{"n":${at},"text":"${"x".repeat(400)}"}\n`).join("");
/** Longer than a store that is told to close keeps trying. */
const LONG_MS = 8_500;

/** A file system that is too small for the input. */
function smallDisk(): string {
  const folder = mkdtempSync(join(tmpdir(), "full-pipe-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]);
  onTestFinished(() => {
    execFileSync("umount", ["-l", folder]);
    rmSync(folder, { recursive: true });
  });
  return folder;
}

function collect(logDir: string): ChildProcess {
  const env = { ...process.env, SIDECAR_LOG_DIR: logDir, SIDECAR_LOG_LEVEL: "silent" };
  const child = spawn(process.execPath, [MAIN, "run", "--source", "stdin"], {
    env,
    stdio: ["pipe", "ignore", "ignore"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  child.stdin?.end(INPUT);
  return child;
}

function storedLines(logDir: string): number {
  const folder = join(logDir, "raw/stdin");
  return readdirSync(folder).reduce(
    (sum, name) => sum + readFileSync(join(folder, name), "utf8").split("\n").length - 1,
    0,
  );
}

describe.skipIf(requirement("root").missing)("a pipe that ends while the disk is full", () => {
  it.concurrent("waits for space, and what it gave is stored", async ({ expect }) => {
    const logDir = smallDisk();
    const child = collect(logDir);
    await pause(LONG_MS);
    expect(child.exitCode).toBe(null);
    expect(storedLines(logDir)).toBeLessThan(LINES);
    execFileSync("mount", ["-o", "remount,size=8m", logDir]);
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(storedLines(logDir)).toBe(LINES);
  }, 60_000);

  it.concurrent("waits no longer than until it is told to stop, and says by its status that something is missing", async ({
    expect,
  }) => {
    const child = collect(smallDisk());
    await pause(3_000);
    child.kill("SIGTERM");
    const [status] = await once(child, "exit");
    expect(status).toBeGreaterThan(0);
  }, 60_000);
});
