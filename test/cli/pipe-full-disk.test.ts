import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { on, once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { describe, it } from "vitest";
import { requirement } from "../requirements.js";

const MAIN = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
const LINES = 4000;
const FLOOD_LINES = 30_000;
const INPUT = Array.from({ length: LINES }, (_, at) => `{"n":${at},"text":"${"x".repeat(400)}"}\n`).join("");
/** Longer than a store that is told to close keeps trying. */
const LONG_MS = 8_500;

/** What a test that runs beside others takes away at its own end. */
type AtEnd = (undo: () => void) => void;

/** A file system that is too small for the input. */
function smallDisk(atEnd: AtEnd, size = "1m"): string {
  const folder = mkdtempSync(join(tmpdir(), "full-pipe-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder]);
  atEnd(() => {
    execFileSync("umount", ["-l", folder]);
    rmSync(folder, { recursive: true });
  });
  return folder;
}

/** Resolves when it has said that the disk is full. */
async function collectUntilFull(logDir: string, atEnd: AtEnd): Promise<ChildProcess> {
  const child = spawn(process.execPath, [MAIN, "run", "--source", "stdin"], {
    env: { ...process.env, SIDECAR_LOG_DIR: logDir, SIDECAR_LOG_LEVEL: "error" },
    stdio: ["pipe", "ignore", "pipe"],
  });
  atEnd(() => void child.kill("SIGKILL"));
  // One that is killed while it reads.
  child.stdin.on("error", () => undefined);
  child.stdin.end(INPUT);
  let said = "";
  for await (const text of on(child.stderr, "data")) {
    said += text;
    if (said.includes("DISK_FULL")) return child;
  }
  throw new Error(`it ended with ${child.exitCode} and said: ${said}`);
}

/** What one component prints without end, twice the disk and nothing that could be compressed, and a line of another's between. */
function* floodAndQuiet(): Generator<string> {
  for (let at = 0; at < FLOOD_LINES; at++) {
    yield `{"component":"flood","n":${at},"text":"${randomBytes(300).toString("base64")}"}\n`;
    if (at % 100 === 0) yield `{"component":"quiet","n":${at / 100}}\n`;
  }
}

/** The numbers of a component's records, in the order of its parts. */
function storedNumbers(logDir: string, component: string): number[] {
  const folder = join(logDir, "raw", component);
  const partOf = (name: string) => Number(/\.(\d+)\.jsonl/.exec(name)?.[1] ?? 0);
  return readdirSync(folder)
    .sort((a, b) => partOf(a) - partOf(b))
    .flatMap((name) => {
      const bytes = readFileSync(join(folder, name));
      const text = (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
      return [...text.matchAll(/"data":\{[^}]*"n":(\d+)/g)].map(([, n]) => Number(n));
    });
}

function storedLines(logDir: string): number {
  const folder = join(logDir, "raw/stdin");
  if (!existsSync(folder)) return 0;
  return readdirSync(folder).reduce(
    (sum, name) => sum + readFileSync(join(folder, name), "utf8").split("\n").length - 1,
    0,
  );
}

describe.skipIf(requirement("root").missing)("a pipe that ends while the disk is full", () => {
  it.concurrent("waits for space, and what it gave is stored", async ({ expect, onTestFinished }) => {
    const logDir = smallDisk(onTestFinished);
    const child = await collectUntilFull(logDir, onTestFinished);
    await pause(LONG_MS);
    expect([child.exitCode, child.signalCode]).toEqual([null, null]);
    expect(storedLines(logDir)).toBeLessThan(LINES);
    execFileSync("mount", ["-o", "remount,size=8m", logDir]);
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(storedLines(logDir)).toBe(LINES);
  }, 60_000);

  it.concurrent("waits no longer than until it is told to stop, and says by its status that something is missing", async ({
    expect,
    onTestFinished,
  }) => {
    const child = await collectUntilFull(smallDisk(onTestFinished), onTestFinished);
    child.kill("SIGTERM");
    const end = await once(child, "exit");
    // On a machine so slow that its own time limit ends it, a signal.
    expect([
      [1, null],
      [null, "SIGKILL"],
    ]).toContainEqual(end);
  }, 60_000);

  it.concurrent("loses the oldest of what one component prints without end, and nothing of another's", async ({
    expect,
    onTestFinished,
  }) => {
    const logDir = smallDisk(onTestFinished, "8m");
    const child = spawn(process.execPath, [MAIN, "run", "--source", "stdin", "--log-level", "warn"], {
      env: { ...process.env, SIDECAR_LOG_DIR: logDir },
      stdio: ["pipe", "ignore", "pipe"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    let said = "";
    child.stderr.on("data", (text) => {
      said += text;
    });
    const exited = once(child, "exit");
    await pipeline(Readable.from(floodAndQuiet()), child.stdin);
    expect(await exited, said).toEqual([0, null]);
    const all = (count: number, from = 0) => Array.from({ length: count - from }, (_, at) => from + at);
    expect(storedNumbers(logDir, "quiet")).toEqual(all(FLOOD_LINES / 100));
    const flood = storedNumbers(logDir, "flood");
    expect(flood[0]).toBeGreaterThan(0);
    expect(flood).toEqual(all(FLOOD_LINES, flood[0]));
    expect(said).toContain("DISK_FULL");
  }, 120_000);
});
