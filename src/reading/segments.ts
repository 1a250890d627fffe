import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { systemCode } from "../core/errors.js";
import type { Category } from "../core/record.js";
import { ARCHIVE_FOLDER } from "../core/segment.js";

/** A file of records or rows as retention may have left it: active or in the archive, compressed or not. */
export interface SegmentFile {
  /** Below the log folder. */
  readonly path: string;
  readonly date: string;
  /** Where the first line to look at begins, in its uncompressed text; at its beginning when left out. */
  readonly startBytes?: number;
  /** Only so many bytes of it are looked at; all when left out. */
  readonly endBytes?: number;
}

const RECORDS = /_(\d{4}-\d\d-\d\d)(?:\.\d+)?\.jsonl(?:\.gz)?$/;
const ROWS = /_(\d{4}-\d\d-\d\d)(?:\.\d+)?\.csv(?:\.gz)?$/;

/**
 * The segments of raw, tagged or summary, oldest date first and the parts of a series in order; links and foreign names are
 * left out. Each is there once, though it and its successor may both be there for a moment while retention works.
 */
export async function listSegments(logDir: string, category: Category): Promise<SegmentFile[]> {
  const found = new Map<string, SegmentFile>();
  // Retention moves files from the first folder to the second: looked at the other way round, one could be in neither.
  for (const folder of [category, join(ARCHIVE_FOLDER, category)]) {
    for (const path of await filesBelow(logDir, folder)) {
      const date = dateOfSegment(path, category);
      if (date !== undefined && !found.has(plainPath(path))) found.set(plainPath(path), { path, date });
    }
  }
  return [...found.values()].sort(compareSegments);
}

/** The date of a segment of the category by its name; undefined for any other file. */
export function dateOfSegment(path: string, category: Category): string | undefined {
  return (category === "summary" ? ROWS : RECORDS).exec(path)?.[1];
}

/** By date, then by name: `log_<date>.jsonl` before `log_<date>.1.jsonl`, and that before `log_<date>.10.jsonl`. */
export function compareSegments(a: SegmentFile, b: SegmentFile): number {
  if (a.date !== b.date) return a.date < b.date ? -1 : 1;
  return BY_NAME.compare(orderName(a.path), orderName(b.path));
}

export const BY_NAME = new Intl.Collator("en", { numeric: true });

/** The first part has no number of its own; with one, it stands before the others whatever ends the name. */
export function orderName(path: string): string {
  return plainPath(path).replace(/(_\d{4}-\d\d-\d\d)(\.jsonl|\.csv)$/, "$1.0$2");
}

/** The path that the segment had when it was written, which it keeps in the archive and compressed. */
export function plainPath(path: string): string {
  return path.replace(/^archive[/\\]/, "").replace(/\.gz$/, "");
}

/** Whether no time of the date can be so late. Dates follow a time zone, times are UTC: a day more is looked at. */
export function isBefore(date: string, since: string | undefined): boolean {
  if (since === undefined) return false;
  const dayAfter = new Date(Date.parse(`${date}T00:00:00Z`) + 2 * 86_400_000).toISOString();
  return dayAfter < since;
}

async function filesBelow(logDir: string, folder: string): Promise<string[]> {
  try {
    const entries = await readdir(join(logDir, folder), { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(logDir, join(entry.parentPath, entry.name)));
  } catch (cause) {
    if (systemCode(cause) === "ENOENT") return [];
    throw cause;
  }
}
