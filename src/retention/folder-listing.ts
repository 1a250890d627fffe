import type { Dirent, Stats } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { systemCode } from "../core/errors.js";
import { manifestOf } from "../core/segment.js";
import { parseFolder, parseName, type SeriesFolder } from "./names.js";

/** A data file in a folder's listing: name, bytes, and a mark. */
export type ListedFile = readonly [name: string, bytes: number, mark: FileMark];

/**
 * `u`: its size is not final, ask again. `m`: a training file with a manifest.
 * Empty for the rest.
 */
export type FileMark = "" | "u" | "m";

/** What is in a folder of data files. */
export interface FolderListing {
  readonly files: readonly ListedFile[];
  /** Names that are not the sidecar's, and why not. */
  readonly others: readonly (readonly [name: string, why: string])[];
}

/** A file of so recent a date, or written to so shortly ago, may still grow. */
const RECENT_MS = 2 * 86_400_000;
const GROWS_MS = 15 * 60_000;
const SIDE_BY_SIDE = 64;

/** Lists a folder of data files (`raw/web`, `archive/raw/web`): links are not followed, foreign files told. */
export async function listFolder(logDir: string, folder: string, nowMs: number): Promise<FolderListing> {
  const place = parseFolder(folder);
  if (place === undefined) return { files: [], others: [] };
  const entries = await readdir(join(logDir, folder), { withFileTypes: true });
  const names = new Set(entries.map(({ name }) => name));
  const files: ListedFile[] = [];
  const others: [string, string][] = [];
  const manifests = new Set<string>();
  await inBatches(entries, async (entry) => {
    const { name } = entry;
    const why = reasonToLeave(place, entry);
    if (why !== undefined) {
      if (!(await isNewManifest(place, join(logDir, folder, name), nowMs))) others.push([name, why]);
      return;
    }
    const path = join(logDir, folder, name);
    const stats = await statOf(path);
    if (stats === undefined) return;
    const manifest = manifestOf(name);
    const hasManifest = manifest !== name && names.has(manifest);
    if (hasManifest) manifests.add(manifest);
    files.push([name, stats.size, hasManifest ? "m" : mayGrow(place, name, stats, nowMs) ? "u" : ""]);
  });
  return { files, others: others.filter(([name]) => !manifests.has(name)) };
}

/** Asks the disk about many files, some at once. */
export async function inBatches<T>(items: readonly T[], ask: (item: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += SIDE_BY_SIDE) {
    await Promise.all(items.slice(at, at + SIDE_BY_SIDE).map(ask));
  }
}

/** Bytes of a file as it is now; undefined when it is gone. */
export async function sizeOf(path: string): Promise<number | undefined> {
  return (await statOf(path))?.size;
}

function reasonToLeave(place: SeriesFolder, entry: Dirent): string | undefined {
  if (entry.isSymbolicLink()) return "a link";
  if (!entry.isFile()) return entry.isDirectory() ? "a folder where files belong" : "no regular file";
  return parseName(place, entry.name) === undefined ? "not called as the sidecar calls files" : undefined;
}

/** A manifest takes its name before its data file does. */
async function isNewManifest(place: SeriesFolder, path: string, nowMs: number): Promise<boolean> {
  const dataName = basename(path).replace(/\.json$/, ".npz");
  if (place.category !== "training" || parseName(place, dataName) === undefined) return false;
  const stats = await statOf(path);
  return stats === undefined || stats.mtimeMs > nowMs - GROWS_MS;
}

function mayGrow(place: SeriesFolder, name: string, { mtimeMs }: Stats, nowMs: number): boolean {
  const date = parseName(place, name)?.date ?? "";
  return mtimeMs > nowMs - GROWS_MS || Date.parse(date) > nowMs - RECENT_MS;
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (cause) {
    // Deleted, compressed or moved since it was listed.
    if (systemCode(cause) === "ENOENT") return undefined;
    throw cause;
  }
}
