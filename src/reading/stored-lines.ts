import { basename, dirname } from "node:path";
import type { OnDamage } from "./damage.js";
import { readLines } from "./read-lines.js";
import { isBefore, listSegments, type SegmentFile } from "./segments.js";
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
  /** Told of damaged files, of which nothing more is taken; without it they are thrown. */
  readonly onDamage?: OnDamage | undefined;
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
    for await (const text of readLines(options.logDir, segment, options)) {
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
    for (const segment of await listSegments(logDir, category)) {
      if (isBefore(segment.date, since)) continue;
      const day = days.get(segment.date) ?? { raw: [], tagged: [] };
      day[category].push(segment);
      days.set(segment.date, day);
    }
  }
  return [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, day]) => day);
}
