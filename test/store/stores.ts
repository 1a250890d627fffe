import { existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { SeriesSpec, StagedSpec } from "../../src/core/segment.js";
import { Store, type StoreOptions } from "../../src/store/store.js";
import { silentTelemetry } from "../../src/telemetry/telemetry.js";

export const DATE = "2026-01-31";
/** A date that is not over in any test. */
export const TOMORROW = "2999-01-01";

/** A folder of the test's own, removed with it; in memory where the medium does not matter and takes long. */
export function temporaryFolder(medium: "disk" | "memory" = "disk"): string {
  const isInMemory = medium === "memory" && existsSync("/dev/shm");
  const folder = mkdtempSync(join(isInMemory ? "/dev/shm" : tmpdir(), "store-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function optionsFor(logDir: string, options: Partial<StoreOptions> = {}): StoreOptions {
  return {
    logDir,
    calendar: { endOfDateMs: (date) => Date.parse(`${date}T00:00:00Z`) + 86_400_000 },
    segmentSizeBytes: 64 * 1024 * 1024,
    batchSize: 50,
    flushIntervalMs: 60_000,
    bufferLimitBytes: 512 * 1024 * 1024,
    telemetry: silentTelemetry(),
    ...options,
  };
}

/** A store that the test closes, or that is closed behind it. */
export async function openStore(logDir: string, options: Partial<StoreOptions> = {}): Promise<Store> {
  const store = await Store.open(optionsFor(logDir, { closeLimitMs: 500, ...options }));
  onTestFinished(() => store.close().catch(() => undefined));
  return store;
}

export function rawSpec(name: string, date = TOMORROW): SeriesSpec {
  return { category: "raw", folder: `raw/${name}`, stem: "log", date, extension: ".jsonl", header: "" };
}

export function tableSpec(header: string): SeriesSpec {
  return { category: "summary", folder: "summary/t", stem: "t", date: TOMORROW, extension: ".csv", header };
}

export function samplesSpec(header = "samples\n", date = TOMORROW): StagedSpec {
  return { category: "training", folder: "training/d", stem: "d", date, extension: ".npz", header };
}

/** Finishes a staged file by copying it, without a manifest. */
export async function copyStaged(source: string, target: string): Promise<undefined> {
  await copyFile(source, target);
}

/** Texts of all files below the log folder but the store's own, by path. */
export function filesIn(logDir: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const name of readdirSync(logDir, { recursive: true, encoding: "utf8" }).sort()) {
    if (name.startsWith(".sidecar") || !lstatSync(join(logDir, name)).isFile()) continue;
    files[name] = readFileSync(join(logDir, name), "utf8");
  }
  return files;
}
