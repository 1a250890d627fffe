import type { Category } from "../core/record.js";
import { isBefore, listSegments, plainPath, type SegmentFile } from "../reading/segments.js";
import { CountsBuilder, type MinuteCounts } from "./index/counts.js";
import { IndexFile } from "./index/index-file.js";
import { segmentSize } from "./index/segment-size.js";
import { eachLine } from "./needle.js";
import { piecesForward } from "./pieces.js";

/** What the columns of a histogram are told apart by. */
export const HISTOGRAM_KINDS = ["level", "container", "rule", "category"] as const;
export type HistogramKind = (typeof HISTOGRAM_KINDS)[number];

export interface HistogramRequest {
  readonly by: HistogramKind;
  /** Engine timestamps; to the minute. */
  readonly since: string;
  readonly until: string;
  /** The most columns; each takes whole minutes. */
  readonly buckets: number;
  readonly signal: AbortSignal;
}

export interface Histogram {
  readonly by: HistogramKind;
  /** When the first column begins, ISO 8601, and how long each takes. */
  readonly from: string;
  readonly stepMs: number;
  /** Records of each name, column by column; all of one length. */
  readonly series: Readonly<Record<string, readonly number[]>>;
}

const MINUTE_MS = 60_000;
/** So many names have a row of their own; the rest share one. */
const MOST_SERIES = 20;
const OTHER = "other";
const CATEGORIES: readonly Category[] = ["raw", "tagged"];

interface Growing {
  bytes: number;
  counts: CountsBuilder;
}

/**
 * Records over time, by the counts that indexes keep. Of segments without one the lines are counted once and remembered, and of those that
 * grow what has come since. A record that stands in raw and in tagged counts in both.
 */
export class Histograms {
  readonly #logDir: string;
  readonly #growing = new Map<string, Growing>();

  constructor(logDir: string) {
    this.#logDir = logDir;
  }

  async read({ by, since, until, buckets, signal }: HistogramRequest): Promise<Histogram> {
    const first = Math.floor(Date.parse(since) / MINUTE_MS);
    const last = Math.max(first, Math.floor(Date.parse(until) / MINUTE_MS));
    const step = Math.max(1, Math.ceil((last - first + 1) / buckets));
    const columns = Math.ceil((last - first + 1) / step);
    const series = new Map<string, number[]>();
    const listed = new Set<string>();
    for (const category of CATEGORIES) {
      if (by === "rule" && category === "raw") continue;
      for (const segment of await listSegments(this.#logDir, category)) {
        listed.add(plainPath(segment.path));
        if (isBefore(segment.date, since)) continue;
        for (const counts of await this.#countsOf(segment, signal)) {
          const column = Math.floor((counts.minute - first) / step);
          if (counts.minute < first || column >= columns) continue;
          addTo(
            series,
            column,
            columns,
            by === "category" ? { [category]: total(counts) } : counts[KEYS[by]],
          );
        }
      }
    }
    for (const path of this.#growing.keys()) if (!listed.has(path)) this.#growing.delete(path);
    const from = new Date(first * MINUTE_MS).toISOString();
    return { by, from, stepMs: step * MINUTE_MS, series: Object.fromEntries(largest(series)) };
  }

  async #countsOf(segment: SegmentFile, signal: AbortSignal): Promise<readonly MinuteCounts[]> {
    const path = plainPath(segment.path);
    const size = await segmentSize(this.#logDir, segment.path).catch(() => -1);
    if (size < 0) return [];
    const known = this.#growing.get(path);
    if (known === undefined) {
      const index = await IndexFile.open(this.#logDir, path);
      try {
        if (index?.head.bytes === size) return await index.readCounts();
      } finally {
        await index?.close();
      }
    }
    const isCut = known !== undefined && known.bytes > size;
    const growing = known === undefined || isCut ? { bytes: 0, counts: new CountsBuilder() } : known;
    this.#growing.set(path, growing);
    if (growing.bytes < size) await this.#countOn(segment, growing, signal);
    return growing.counts.list();
  }

  async #countOn(segment: SegmentFile, growing: Growing, signal: AbortSignal): Promise<void> {
    const isPacked = segment.path.endsWith(".gz");
    const from = isPacked ? {} : { startBytes: growing.bytes };
    for await (const { bytes, at } of piecesForward(this.#logDir, segment, from)) {
      signal.throwIfAborted();
      // Another request may have come so far meanwhile.
      if (at < growing.bytes) continue;
      eachLine(bytes, (start, end) => growing.counts.add(bytes.toString("latin1", start, end)));
      growing.bytes = at + bytes.length;
    }
  }
}

const KEYS = { level: "levels", container: "containers", rule: "rules" } as const;

function total({ levels }: MinuteCounts): number {
  return Object.values(levels).reduce((sum, count) => sum + count, 0);
}

function addTo(
  series: Map<string, number[]>,
  column: number,
  columns: number,
  counts: Readonly<Record<string, number>>,
): void {
  for (const [name, count] of Object.entries(counts)) {
    const row = series.get(name) ?? new Array<number>(columns).fill(0);
    row[column]! += count;
    series.set(name, row);
  }
}

function largest(series: Map<string, number[]>): [string, number[]][] {
  const sorted = [...series].sort(([, a], [, b]) => sumOf(b) - sumOf(a));
  const rest = sorted.slice(MOST_SERIES);
  if (rest.length === 0) return sorted;
  const others = rest[0]![1].map((_, column) => rest.reduce((sum, [, row]) => sum + row[column]!, 0));
  return [...sorted.slice(0, MOST_SERIES).filter(([name]) => name !== OTHER), [OTHER, others]];
}

function sumOf(row: readonly number[]): number {
  return row.reduce((sum, count) => sum + count, 0);
}
