import type { BigIntStats } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { causeText, systemCode } from "../core/errors.js";
import { CATEGORIES } from "../core/record.js";
import { ARCHIVE_FOLDER, manifestOf } from "../core/segment.js";
import type { DataFile, LeftAlone } from "./data-file.js";
import { type FolderListing, inBatches, type ListedFile, listFolder, sizeOf } from "./folder-listing.js";
import type { IndexedFolder, RetentionIndex } from "./index-file.js";
import { ownDays, parseFolder, parseName } from "./names.js";

/** What is on the volume. */
export interface Inventory {
  readonly files: readonly DataFile[];
  readonly leftAlone: readonly LeftAlone[];
  /** The listings it was made of, for the next index. */
  readonly folders: Readonly<Record<string, IndexedFolder>>;
}

/** Times of folders come in steps of some milliseconds; what changed within this long of the look is looked at again. */
const SAME_MOMENT_NS = 2_000_000_000n;

/**
 * All segments of the log folder, active and archived. Folders that have not changed since the index was made are not listed again: a
 * call costs one look at each folder, and one at each file that may still grow.
 */
export async function takeInventory(
  logDir: string,
  index: RetentionIndex,
  nowMs = Date.now(),
): Promise<Inventory> {
  const leftAlone: LeftAlone[] = [];
  const folders: Record<string, IndexedFolder> = {};
  const files: DataFile[] = [];
  for (const top of [...CATEGORIES.map((category) => `${ARCHIVE_FOLDER}/${category}`), ...CATEGORIES]) {
    for (const folder of await foldersIn(logDir, top, leftAlone)) {
      const listing = await tell(folder, leftAlone, () =>
        lookAt(logDir, folder, index.folders[folder], nowMs),
      );
      if (listing === undefined) continue;
      folders[folder] = listing;
      for (const [name, why] of listing.others) leftAlone.push({ path: `${folder}/${name}`, why });
      for (const file of filesOf(folder, listing)) files.push(file);
    }
  }
  // A linked archive is met once for each category.
  const told = new Map(leftAlone.map((each) => [each.path, each]));
  return { files, leftAlone: [...told.values()], folders };
}

/** The folders of series below a category's; links and foreign names are told. */
async function foldersIn(logDir: string, top: string, leftAlone: LeftAlone[]): Promise<string[]> {
  const found = await tell(top, leftAlone, async () => {
    // `archive` may itself be a link.
    for (const path of [ARCHIVE_FOLDER, top]) {
      if (top.startsWith(path) && !(await lstat(join(logDir, path))).isDirectory()) {
        leftAlone.push({ path, why: "no folder" });
        return [];
      }
    }
    return readdir(join(logDir, top), { withFileTypes: true });
  });
  return (found ?? []).flatMap((entry) => {
    const path = `${top}/${entry.name}`;
    if (entry.isDirectory() && parseFolder(path) !== undefined) return [path];
    leftAlone.push({
      path,
      why: entry.isSymbolicLink() ? "a link" : "not called as the sidecar calls folders",
    });
    return [];
  });
}

/** What cannot be read is left alone, and told. */
async function tell<T>(path: string, leftAlone: LeftAlone[], work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (cause) {
    const code = systemCode(cause);
    if (code === undefined) throw cause;
    if (code !== "ENOENT") leftAlone.push({ path, why: `cannot be read: ${causeText(cause)}` });
    return undefined;
  }
}

async function lookAt(
  logDir: string,
  folder: string,
  known: IndexedFolder | undefined,
  nowMs: number,
): Promise<IndexedFolder> {
  // Before the listing: what changes meanwhile makes the next look list it again.
  const stats = await lstat(join(logDir, folder), { bigint: true });
  const changed = changeOf(stats, nowMs);
  if (known === undefined || known.changed === "" || known.changed !== changed) {
    return { changed, ...(await listFolder(logDir, folder, nowMs)) };
  }
  if (!known.files.some(([, , mark]) => mark === "u")) return known;
  return { changed, others: known.others, files: await measureGrowing(join(logDir, folder), known) };
}

/** The time of the last change of its names, which nobody can set back as a copying program sets `mtime`. */
function changeOf({ ctimeNs }: BigIntStats, nowMs: number): string {
  return BigInt(nowMs) * 1_000_000n - ctimeNs < SAME_MOMENT_NS ? "" : String(ctimeNs);
}

async function measureGrowing(folder: string, { files }: FolderListing): Promise<ListedFile[]> {
  const sizes = new Map<string, number | undefined>();
  const growing = files.filter(([, , mark]) => mark === "u").map(([name]) => name);
  await inBatches(growing, async (name) => {
    sizes.set(name, await sizeOf(join(folder, name)));
  });
  return files.flatMap((file): ListedFile[] => {
    const [name, , mark] = file;
    if (mark !== "u") return [file];
    const bytes = sizes.get(name);
    return bytes === undefined ? [] : [[name, bytes, mark]];
  });
}

/** The data files of a listing. */
export function filesOf(folder: string, { files: listed }: FolderListing): DataFile[] {
  const place = parseFolder(folder);
  if (place === undefined) return [];
  const days = place.category === "tagged" ? ownDays(place.part) : undefined;
  const zipped = new Set<string>();
  for (const [name] of listed) if (name.endsWith(".gz")) zipped.add(name);
  const files: DataFile[] = [];
  for (const [name, bytes, mark] of listed) {
    const named = parseName(place, name);
    // An index that somebody edited.
    if (named === undefined) continue;
    files.push({
      path: `${folder}/${name}`,
      category: named.category,
      date: named.date,
      archived: named.archived,
      // The arrays in an .npz file are compressed from its beginning.
      compressed: named.zipped || name.endsWith(".npz"),
      bytes,
      ownDays: days,
      companion: mark === "m" ? `${folder}/${manifestOf(name)}` : undefined,
      superseded: zipped.size > 0 && zipped.has(`${name}.gz`),
    });
  }
  return files;
}
