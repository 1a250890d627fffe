import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import type Docker from "dockerode";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { requirement } from "../requirements.js";
import { connect, removeContainers, runContainer } from "./engine.js";
import { printLines } from "./lines.js";
import { COLLECT, SidecarProcess } from "./sidecar.js";
import { firstBreak, storedRecords } from "./stored.js";

const LINES = 27_000;
const DISK_MB = 16;
const OLD_FILES = 14;
const DAY_MS = 86_400_000;

/** A file system of its own; on a machine without loop devices one in memory. */
function mountSmallDisk(folder: string): () => void {
  const image = `${folder}.ext4`;
  try {
    execFileSync("truncate", ["-s", `${DISK_MB}M`, image]);
    execFileSync("mkfs.ext4", ["-q", "-m", "0", "-O", "^has_journal", image], { stdio: "pipe" });
    execFileSync("mount", ["-o", "loop", image, folder], { stdio: "pipe" });
  } catch {
    console.log("no ext4 on a loop device here: a tmpfs is the small disk");
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_MB}m`, "tmpfs", folder]);
  }
  return () => {
    execFileSync("umount", ["-l", folder]);
    rmSync(image, { force: true });
  };
}

/** Without the store's reserve, which is made again at a moment of its own. */
function usedPercent(folder: string): number {
  const { blocks, bavail, bsize } = statfsSync(folder);
  const reserve = statSync(join(folder, ".sidecar/reserve"), { throwIfNoEntry: false })?.size ?? 0;
  return ((blocks - bavail - reserve / bsize) * 100) / blocks;
}

describe.skipIf(requirement("engine").missing || requirement("root").missing)("a disk that fills up", () => {
  const docker = connect();
  const made: Docker.Container[] = [];
  let logDir: string;
  let unmount: () => void;
  let sidecar: SidecarProcess | undefined;

  beforeEach(() => {
    logDir = mkdtempSync(join(tmpdir(), "guard-"));
    unmount = mountSmallDisk(logDir);
  });

  afterEach(async () => {
    await sidecar?.kill();
    await removeContainers(made.splice(0));
    unmount();
    rmSync(logDir, { recursive: true, force: true });
  });

  /** Text that compresses by a quarter. */
  function put(path: string, bytes: number): string {
    const text = `${randomBytes((bytes * 3) / 4).toString("base64")}\n`;
    mkdirSync(dirname(join(logDir, path)), { recursive: true });
    writeFileSync(join(logDir, path), text);
    return text;
  }

  it("loses its oldest logs and nothing else, and every line is stored once", async () => {
    const old = Array.from({ length: OLD_FILES }, (_, index) => {
      const date = new Date(Date.now() - (40 - index) * DAY_MS).toISOString().slice(0, 10);
      const path = `raw/old/log_${date}.jsonl`;
      return { path, text: put(path, 900_000) };
    });
    const tagged = "tagged/permanent/events_2020-01-01.jsonl";
    const event = put(tagged, 300_000);
    const foreign = put("raw/old/notes.txt", 100_000);
    expect(usedPercent(logDir)).toBeGreaterThan(85);

    sidecar = await SidecarProcess.start({
      logDir,
      env: { SIDECAR_RETENTION_CRON: "off", SIDECAR_DISK_TARGET: "60", SIDECAR_LOG_LEVEL: "info" },
    });
    await sidecar.until("the guard has made room", () => usedPercent(logDir) <= 61);
    const name = "dg-prints";
    made.push(await runContainer(docker, { name, script: printLines({ count: LINES }), labels: COLLECT }));
    await sidecar.until("the disk is full", () => sidecar?.log.includes("DISK_FULL") === true, 60_000);
    await sidecar.until(
      "all lines",
      async () => (await storedRecords(logDir, `raw/${name}`).catch(() => [])).length >= LINES,
      60_000,
    );
    expect(await sidecar.stop()).toBe(0);

    const numbers = (await storedRecords(logDir, `raw/${name}`)).map(({ data }) => Number(data?.["n"]));
    expect(firstBreak(numbers)).toEqual([]);
    expect(numbers).toHaveLength(LINES);
    const left = old.map(
      ({ path }) => existsSync(join(logDir, path)) || existsSync(join(logDir, `${path}.gz`)),
    );
    const firstLeft = left.indexOf(true);
    expect(firstLeft).toBeGreaterThan(0);
    expect(left.slice(firstLeft)).not.toContain(false);
    for (const { path, text } of old.slice(firstLeft)) expect(contentOf(path)).toBe(text);
    expect(contentOf(tagged)).toBe(event);
    expect(contentOf("raw/old/notes.txt")).toBe(foreign);
    expect(readdirSync(join(logDir, ".sidecar/retention/tmp"))).toEqual([]);
    expect(usedPercent(logDir)).toBeLessThan(100);
  });

  function contentOf(path: string): string {
    const full = join(logDir, path);
    return existsSync(full) ? readFileSync(full, "utf8") : gunzipSync(readFileSync(`${full}.gz`)).toString();
  }
});
