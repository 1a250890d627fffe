import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import split2 from "split2";
import { systemCode } from "../core/errors.js";
import type { Category } from "../core/record.js";

/** A file of records as retention may have left it: active or in the archive, compressed or not. */
export interface SegmentFile {
  /** Below the log folder. */
  readonly path: string;
  readonly date: string;
}

const RECORDS = /_(\d{4}-\d\d-\d\d)(?:\.\d+)?\.jsonl(?:\.gz)?$/;

/** The `.jsonl` segments of a category, oldest date first; links and foreign names are left out. */
export async function listSegments(logDir: string, category: Category): Promise<SegmentFile[]> {
  const found: SegmentFile[] = [];
  for (const folder of [join("archive", category), category]) {
    for (const path of await filesBelow(logDir, folder)) {
      const date = RECORDS.exec(path)?.[1];
      if (date !== undefined) found.push({ path, date });
    }
  }
  return found.sort((a, b) => (a.date === b.date ? comparePaths(a.path, b.path) : a.date < b.date ? -1 : 1));
}

async function filesBelow(logDir: string, folder: string): Promise<string[]> {
  try {
    const entries = await readdir(join(logDir, folder), { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(logDir.length + 1));
  } catch (cause) {
    if (systemCode(cause) === "ENOENT") return [];
    throw cause;
  }
}

/** `log_<date>.jsonl` before `log_<date>.1.jsonl`, and that before `log_<date>.10.jsonl`. */
function comparePaths(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

/**
 * The lines of one segment. The open segment may be written to meanwhile: its last line may then be half there,
 * and is left out.
 */
export async function* readLines(logDir: string, segment: SegmentFile): AsyncGenerator<string> {
  const file = createReadStream(join(logDir, segment.path), { highWaterMark: 256 * 1024 });
  const lines = split2(/(?<=\n)/);
  const parts: [Readable, ...NodeJS.ReadWriteStream[]] = segment.path.endsWith(".gz")
    ? [file, createGunzip(), lines]
    : [file, lines];
  // The iterator below throws what went wrong; there is nothing left to do here.
  pipeline(parts, () => undefined);
  for await (const line of lines) {
    const text = String(line);
    if (text.endsWith("\n")) yield text.slice(0, -1);
  }
}
