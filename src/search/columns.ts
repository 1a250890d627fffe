/** What the columns of a histogram are told apart by. */
export const HISTOGRAM_KINDS = ["level", "container", "rule", "category"] as const;
export type HistogramKind = (typeof HISTOGRAM_KINDS)[number];

/** Which columns are wanted. */
export interface ColumnsRequest {
  readonly by: HistogramKind;
  /** Engine timestamps; to the minute. */
  readonly since: string;
  readonly until: string;
  /** The most columns; each takes whole minutes. */
  readonly buckets: number;
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
/** So many names are counted at all. */
const MOST_NAMES = 2_000;
const OTHER = "other";

/** Counts by minute, as columns. */
export class Columns {
  readonly #request: ColumnsRequest;
  readonly #first: number;
  readonly #step: number;
  readonly #count: number;
  readonly #series = new Map<string, number[]>();

  constructor(request: ColumnsRequest) {
    this.#request = request;
    this.#first = Math.floor(Date.parse(request.since) / MINUTE_MS);
    const last = Math.max(this.#first, Math.floor(Date.parse(request.until) / MINUTE_MS));
    this.#step = Math.max(1, Math.ceil((last - this.#first + 1) / request.buckets));
    this.#count = Math.ceil((last - this.#first + 1) / this.#step);
  }

  /** `minute`: minutes since 1970. What is outside is left out. */
  add(minute: number, name: string, count: number): void {
    const column = Math.floor((minute - this.#first) / this.#step);
    if (column < 0 || column >= this.#count) return;
    const isNew = !this.#series.has(name) && this.#series.size >= MOST_NAMES;
    const key = isNew ? OTHER : name;
    const row = this.#series.get(key) ?? new Array<number>(this.#count).fill(0);
    row[column]! += count;
    this.#series.set(key, row);
  }

  histogram(): Histogram {
    const from = new Date(this.#first * MINUTE_MS).toISOString();
    const series = Object.fromEntries(largest(this.#series));
    return { by: this.#request.by, from, stepMs: this.#step * MINUTE_MS, series };
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
