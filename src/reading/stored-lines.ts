import { access } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { systemCode } from "../core/errors.js";
import { listSegments, readLines, type SegmentFile } from "./segments.js";
import { readStored, type StoredRecord, type StoredRecordOptions } from "./stored-record.js";

/** A line that is stored, once, with every place in which it stands. */
export interface StoredLine extends StoredRecord {
  readonly raw: boolean;
  /** The folders below tagged/ that hold it: `permanent`, `90d`. */
  readonly tagged: readonly string[];
}

export interface StoredLinesOptions extends StoredRecordOptions {
  readonly logDir: string;
  /** Earlier lines are left out; an engine timestamp. */
  readonly since: string | undefined;
  /** Told after each segment that was read. */
  readonly onSegment?: (done: number, all: number) => void;
}

interface Day {
  readonly raw: SegmentFile[];
  readonly tagged: SegmentFile[];
}

/**
 * Every line that raw and tagged hold, active or in the archive, day by day. Within a day those in raw come first.
 * Keeps one entry in memory for each tagged record of a day.
 */
export async function* readStoredLines(options: StoredLinesOptions): AsyncGenerator<StoredLine> {
  const days = await listDays(options);
  let done = 0;
  let all = 0;
  for (const { raw, tagged } of days) all += raw.length + 2 * tagged.length;
  const read = async function* (segment: SegmentFile, category: "raw" | "tagged") {
    for await (const text of linesOf(options.logDir, segment)) {
      const stored = readStored(text, category, options);
      if (stored !== undefined && !(options.since !== undefined && stored.record.ts < options.since))
        yield stored;
    }
    options.onSegment?.(++done, all);
  };
  for (const { raw, tagged } of days) {
    const taggedIn = new Map<string, string[]>();
    for (const segment of tagged) {
      const retention = basename(dirname(segment.path));
      for await (const { record } of read(segment, "tagged")) {
        const key = keyOf(record);
        taggedIn.set(key, [...(taggedIn.get(key) ?? []), retention]);
      }
    }
    for (const segment of raw) {
      for await (const stored of read(segment, "raw")) {
        const key = keyOf(stored.record);
        yield { ...stored, raw: true, tagged: taggedIn.get(key) ?? [] };
        taggedIn.delete(key);
      }
    }
    for (const segment of tagged) {
      for await (const stored of read(segment, "tagged")) {
        const key = keyOf(stored.record);
        const folders = taggedIn.get(key);
        if (folders === undefined) continue;
        yield { ...stored, raw: false, tagged: folders };
        taggedIn.delete(key);
      }
    }
  }
}

/** The engine's nanoseconds tell the lines of a container's stream apart. */
function keyOf({ ts, stream, container }: StoredRecord["record"]): string {
  return `${ts} ${stream} ${container.name}`;
}

async function listDays({ logDir, since }: StoredLinesOptions): Promise<Day[]> {
  const days = new Map<string, Day>();
  for (const category of ["raw", "tagged"] as const) {
    const seen = new Set<string>();
    for (const segment of await listSegments(logDir, category)) {
      // While retention works, a file and its successor can both be there for a moment.
      const name = plainPath(segment.path);
      if (seen.has(name) || isBefore(segment.date, since)) continue;
      seen.add(name);
      const day = days.get(segment.date) ?? { raw: [], tagged: [] };
      day[category].push(segment);
      days.set(segment.date, day);
    }
  }
  return [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, day]) => day);
}

/** Dates follow a time zone, times are UTC: a day more is looked at. */
function isBefore(date: string, since: string | undefined): boolean {
  if (since === undefined) return false;
  const dayAfter = new Date(Date.parse(`${date}T00:00:00Z`) + 2 * 86_400_000).toISOString();
  return dayAfter < since;
}

function plainPath(path: string): string {
  return path.replace(/^archive[/\\]/, "").replace(/\.gz$/, "");
}

/** The lines of a segment, which may have been compressed or moved to the archive since it was listed, or deleted. */
async function* linesOf(logDir: string, segment: SegmentFile): AsyncGenerator<string> {
  const path = await findSegment(logDir, segment.path);
  if (path !== undefined) yield* readLines(logDir, { ...segment, path });
}

async function findSegment(logDir: string, listed: string): Promise<string | undefined> {
  const plain = plainPath(listed);
  const archived = join("archive", plain);
  for (const path of [listed, plain, `${plain}.gz`, archived, `${archived}.gz`]) {
    try {
      await access(join(logDir, path));
      return path;
    } catch (cause) {
      if (systemCode(cause) !== "ENOENT") throw cause;
    }
  }
  return undefined;
}
