import { readBelow, replaceBelow } from "../core/below.js";
import type { FolderListing } from "./folder-listing.js";
import { INDEX } from "./places.js";

/** A folder's listing, and how the folder looked when it was made. */
export interface IndexedFolder extends FolderListing {
  /** Of the folder, nanoseconds as text; empty when it had just been changed, so that a change at the same moment could not be told. */
  readonly changed: string;
}

/** Bytes before and after compressing, of a category's files so far. */
export interface Packed {
  readonly plainBytes: number;
  readonly packedBytes: number;
}

/** What is remembered from one call to the next. A cache: without it everything is looked at again. */
export interface RetentionIndex {
  readonly folders: Readonly<Record<string, IndexedFolder>>;
  readonly packed: Readonly<Record<string, Packed>>;
  /** Paths that are not the sidecar's and were told already. */
  readonly told: readonly string[];
}

const VERSION = 1;
const EMPTY: RetentionIndex = { folders: {}, packed: {}, told: [] };

/** The index of a log folder; an empty one where there is none that can be used. */
export async function readIndex(logDir: string): Promise<RetentionIndex> {
  try {
    const found = JSON.parse(await readBelow(logDir, INDEX)) as {
      version?: unknown;
    } & RetentionIndex;
    return found.version === VERSION && isWhole(found) ? found : EMPTY;
  } catch {
    return EMPTY;
  }
}

/** Not synced: after a loss of power it is missing or half there, and made anew. */
export async function writeIndex(logDir: string, index: RetentionIndex): Promise<void> {
  await replaceBelow(logDir, INDEX, JSON.stringify({ version: VERSION, ...index }));
}

function isWhole({ folders, packed, told }: RetentionIndex): boolean {
  if (typeof folders !== "object" || typeof packed !== "object" || !Array.isArray(told)) return false;
  for (const { changed, files, others } of Object.values(folders)) {
    if (typeof changed !== "string" || !Array.isArray(others)) return false;
    for (const [name, bytes, mark] of files) {
      if (typeof name !== "string" || typeof bytes !== "number" || typeof mark !== "string") return false;
    }
  }
  return Object.values(packed).every(({ plainBytes, packedBytes }) => plainBytes >= 0 && packedBytes >= 0);
}
