import { systemCode } from "../core/errors.js";
import type { OnDamage } from "./damage.js";
import {
  compareEntries,
  type Entry,
  EntryCutter,
  readEntries,
  timeOfRecord,
  type Wanted,
} from "./entries.js";
import { Heap } from "./heap.js";
import { readBack } from "./read-back.js";
import { isBefore, plainPath, type SegmentFile } from "./segments.js";

export interface NewestRequest {
  readonly logDir: string;
  /** From the oldest date to the newest, as `listSegments` gives them. */
  readonly segments: readonly SegmentFile[];
  readonly count: number;
  readonly wanted: Wanted;
  /** Earlier ones are left out; an engine timestamp. */
  readonly since?: string | undefined;
  /** Told before each date; `share` of all dates that are behind, from 0 to 1. */
  readonly onDate?: (date: string, share: number) => unknown;
  /** Told of damaged files, of which nothing more is taken; without it they are thrown. */
  readonly onDamage?: OnDamage | undefined;
}

/**
 * Lines of different containers in a file are only roughly in order: what lies further in front than so many bytes of nothing
 * but older lines is not looked at.
 */
export const DISORDER_BYTES = 1024 * 1024;

/** The newest entries, from the oldest to the newest. Dates are looked at from the last to the first, and files from their end. */
export async function readNewest(request: NewestRequest): Promise<Entry[]> {
  const newest = new Newest(request.count, request.since);
  const days = daysBack(request.segments);
  for (const [index, day] of days.entries()) {
    const { date } = day[0]!;
    if (newest.isFull || isBefore(date, request.since)) break;
    request.onDate?.(date, index / days.length);
    for (const series of bySeries(day)) await readSeriesBack(series, newest, request);
  }
  return newest.list();
}

/** The so many newest of the entries that it is shown. */
class Newest {
  readonly #heap = new Heap(compareEntries);
  readonly #count: number;
  readonly #since: string;

  constructor(count: number, since = "") {
    this.#count = count;
    this.#since = since;
  }

  get isFull(): boolean {
    return this.#heap.size >= this.#count;
  }

  /** Whether an entry of that time would be left out. */
  isOld(ts: string): boolean {
    return ts < this.#since || (this.isFull && ts < (this.#heap.first?.ts ?? "~"));
  }

  add(entry: Entry): void {
    if (this.isOld(entry.ts)) return;
    this.#heap.push(entry);
    if (this.#heap.size > this.#count) this.#heap.pop();
  }

  list(): Entry[] {
    const entries: Entry[] = [];
    for (let entry = this.#heap.pop(); entry !== undefined; entry = this.#heap.pop()) entries.push(entry);
    return entries;
  }
}

function daysBack(segments: readonly SegmentFile[]): SegmentFile[][] {
  const days = new Map<string, SegmentFile[]>();
  for (const segment of segments) days.set(segment.date, [...(days.get(segment.date) ?? []), segment]);
  return [...days].sort(([a], [b]) => (a < b ? 1 : -1)).map(([, day]) => day);
}

/** The parts of a date's segments that continue each other. */
export function bySeries(day: readonly SegmentFile[]): SegmentFile[][] {
  const series = new Map<string, SegmentFile[]>();
  for (const segment of day) {
    const key = plainPath(segment.path).replace(/\.\d+(?=\.\w+$)/, "");
    const parts = series.get(key);
    if (parts === undefined) series.set(key, [segment]);
    else parts.push(segment);
  }
  return [...series.values()];
}

/** From the last part to the first, until there is nothing but old entries. */
async function readSeriesBack(
  parts: readonly SegmentFile[],
  newest: Newest,
  request: NewestRequest,
): Promise<void> {
  let oldBytes = 0;
  for (const segment of parts.toReversed()) {
    for await (const { entries, times, bytes } of pieces(segment, request)) {
      const isOld = times.every((ts) => newest.isOld(ts));
      oldBytes = isOld ? oldBytes + bytes : 0;
      for (const entry of entries) newest.add(entry);
      if (oldBytes >= DISORDER_BYTES) return;
    }
  }
}

interface Piece {
  readonly entries: Iterable<Entry>;
  /** Of all entries, wanted or not. */
  readonly times: readonly string[];
  readonly bytes: number;
}

/** A segment in pieces from its end on; compressed ones and tables can only be read from their beginning, entry by entry. */
async function* pieces(
  segment: SegmentFile,
  { logDir, wanted, onDamage }: NewestRequest,
): AsyncGenerator<Piece> {
  if (/\.jsonl$/.test(segment.path)) {
    try {
      for await (const { lines, startBytes, bytes } of readBack(logDir, segment)) {
        const cutter = new EntryCutter(segment, wanted, { at: startBytes });
        const entries = lines.flatMap((line) => cutter.take(line) ?? []);
        yield { entries, times: lines.flatMap((line) => timeOfRecord(line) ?? []), bytes };
      }
      return;
    } catch (cause) {
      // Compressed or moved since it was listed: found again under its new name.
      if (systemCode(cause) !== "ENOENT") throw cause;
    }
  }
  for await (const entry of readEntries(logDir, segment, { wanted, onDamage })) {
    yield { entries: [entry], times: [], bytes: 0 };
  }
}
