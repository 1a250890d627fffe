import {
  existsSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { onTestFinished } from "vitest";
import { DEFAULT_POLICY, type RetentionPolicy } from "../../src/config/retention.js";
import { Calendar } from "../../src/core/calendar.js";
import type { DataFile } from "../../src/retention/data-file.js";
import type { DiskSpace } from "../../src/retention/disk-space.js";
import { ownDays, parseFolder, parseName } from "../../src/retention/names.js";
import { Retention, type RetentionOptions } from "../../src/retention/retention.js";
import { silentTelemetry } from "../../src/telemetry/telemetry.js";

/** A log folder with these files, removed with the test. */
export function logFolder(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const logDir = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "retention-"));
  onTestFinished(() => rmSync(logDir, { recursive: true, force: true }));
  put(logDir, files);
  return logDir;
}

export function put(logDir: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  const old = new Date("2026-01-01T00:00:00Z");
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(logDir, path)), { recursive: true });
    writeFileSync(join(logDir, path), content);
    utimesSync(join(logDir, path), old, old);
  }
}

/** The work as a user whom permissions hold: root gives up its rights for so long, and everything in the folder to that user. */
export async function withoutRoot<T>(logDir: string, work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return work();
  for (const path of ["", ...readdirSync(logDir, { recursive: true, encoding: "utf8" })])
    lchownSync(join(logDir, path), NOBODY, NOBODY);
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

const NOBODY = 65534;

/** Paths of all files but the store's and retention's own. */
export function pathsIn(logDir: string): string[] {
  return readdirSync(logDir, { recursive: true, encoding: "utf8" })
    .filter(
      (path) =>
        !path.startsWith(".sidecar") && statSync(join(logDir, path), { throwIfNoEntry: false })?.isFile(),
    )
    .sort();
}

/** What a file gives, compressed or not. */
export function textOf(logDir: string, path: string): string {
  const bytes = readFileSync(join(logDir, path));
  return String(path.endsWith(".gz") ? gunzipSync(bytes) : bytes);
}

/** Every line of every file, sorted: the records that are on the volume. */
export function recordsIn(logDir: string): string[] {
  return pathsIn(logDir)
    .flatMap((path) => textOf(logDir, path).split("\n"))
    .filter((line) => line !== "")
    .sort();
}

/** A file as the inventory would have it. */
export function dataFile(path: string, rest: Partial<DataFile> = {}): DataFile {
  const at = path.lastIndexOf("/");
  const place = parseFolder(path.slice(0, at));
  const named = place && parseName(place, path.slice(at + 1));
  if (named === undefined) throw new Error(`${path} is no data file`);
  return {
    path,
    category: named.category,
    date: named.date,
    archived: named.archived,
    compressed: named.zipped || path.endsWith(".npz"),
    bytes: 1_000_000,
    ownDays: named.category === "tagged" ? ownDays(path.split("/").at(-2)!) : undefined,
    companion: undefined,
    superseded: false,
    ...rest,
  };
}

export const ROOMY: DiskSpace = { sizeBytes: 100e9, freeBytes: 90e9 };

export function retentionOf(
  logDir: string,
  options: Partial<RetentionOptions> & { policy?: RetentionPolicy } = {},
): Retention {
  return new Retention({
    logDir,
    calendar: new Calendar("UTC"),
    policy: DEFAULT_POLICY,
    floorDays: 1,
    maxSizeBytes: undefined,
    telemetry: silentTelemetry(),
    openPaths: () => new Set(),
    takeLock: async () => ({ release: async () => undefined }),
    readSpace: async () => ROOMY,
    ...options,
  });
}

export function at(date: string, time = "12:00:00"): { readonly nowMs: number } {
  return { nowMs: Date.parse(`${date}T${time}Z`) };
}
