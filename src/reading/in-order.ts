import { systemCode } from "../core/errors.js";
import type { OnDamage } from "./damage.js";
import { compareEntries, type Entry, headerOf, readEntries, timeOfRecord, type Wanted } from "./entries.js";
import { Heap } from "./heap.js";
import { bySeries, DISORDER_BYTES } from "./newest.js";
import { readBack } from "./read-back.js";
import { isBefore, type SegmentFile } from "./segments.js";

export interface InOrderRequest {
  readonly logDir: string;
  readonly segments: readonly SegmentFile[];
  readonly wanted: Wanted;
  /** Earlier ones are left out; an engine timestamp. */
  readonly since: string | undefined;
  /** Told of damaged files, of which nothing more is taken; without it they are thrown. */
  readonly onDamage?: OnDamage | undefined;
}

/** What all series of a date together may keep in memory. */
const LOOK_AHEAD_BYTES = 32 * 1024 * 1024;
const LOOK_AHEAD_ENTRIES = 50_000;

/** All entries in the order of time, date by date. Memory is bounded, however long the files are. */
export async function* readInOrder(request: InOrderRequest): AsyncGenerator<Entry> {
  const { segments, since } = request;
  const dates = [...new Set(segments.map(({ date }) => date))].sort();
  for (const date of dates) {
    if (isBefore(date, since)) continue;
    const day = bySeries(segments.filter((segment) => segment.date === date));
    const series = (await Promise.all(day.map((parts) => byHeader(request, parts)))).flat();
    const aheadBytes = Math.max(16 * 1024, Math.min(256 * 1024, LOOK_AHEAD_BYTES / 4 / series.length));
    yield* merge(series.map((parts) => entriesOf(parts, request, aheadBytes)));
  }
}

/** Parts of a table that have other columns were filled side by side: only those of one header continue each other. */
async function byHeader(
  { logDir, onDamage }: InOrderRequest,
  parts: readonly SegmentFile[],
): Promise<SegmentFile[][]> {
  const series = new Map<string, SegmentFile[]>();
  for (const segment of parts) {
    const header = parts.length === 1 ? "" : await headerOf(logDir, segment, { onDamage });
    series.set(header, [...(series.get(header) ?? []), segment]);
  }
  return [...series.values()];
}

/** One series, part behind part. */
async function* entriesOf(
  parts: readonly SegmentFile[],
  { logDir, wanted, since, onDamage }: InOrderRequest,
  aheadBytes: number,
): AsyncGenerator<Entry> {
  const starts = await startsOf(parts, logDir, since);
  for (const [index, segment] of parts.entries()) {
    const startBytes = starts[index];
    if (startBytes === undefined) continue;
    for await (const entry of readEntries(logDir, segment, { wanted, startBytes, aheadBytes, onDamage })) {
      if (since === undefined || entry.ts >= since) yield entry;
    }
  }
}

/** Where reading begins in each part: behind all that is too old, found from the end; undefined for a part of nothing else. */
async function startsOf(
  parts: readonly SegmentFile[],
  logDir: string,
  since: string | undefined,
): Promise<(number | undefined)[]> {
  const starts: (number | undefined)[] = parts.map(() => 0);
  // Of a later date everything is new enough.
  if (since === undefined || parts[0]!.date > nextDate(since)) return starts;
  let oldBytes = 0;
  for (let index = parts.length - 1; index >= 0; index--) {
    const segment = parts[index]!;
    if (oldBytes >= DISORDER_BYTES) {
      starts[index] = undefined;
    } else if (segment.path.endsWith(".jsonl")) {
      try {
        for await (const { lines, startBytes, bytes } of readBack(logDir, segment)) {
          const isOld = lines.every((line) => (timeOfRecord(line) ?? "") < since);
          oldBytes = isOld ? oldBytes + bytes : 0;
          starts[index] = startBytes;
          if (oldBytes >= DISORDER_BYTES) break;
        }
      } catch (cause) {
        // Compressed or moved since it was listed: it is read from its beginning.
        if (systemCode(cause) !== "ENOENT") throw cause;
        starts[index] = 0;
      }
    }
  }
  return starts;
}

function nextDate(ts: string): string {
  return new Date(Date.parse(ts.slice(0, 10)) + 86_400_000).toISOString().slice(0, 10);
}

interface Waiting {
  readonly entry: Entry;
  readonly from: Upcoming;
}

/** What of one series was read and not handed on. */
class Upcoming {
  readonly #entries: AsyncGenerator<Entry>;
  readonly #limitBytes: number;
  readonly #limit: number;
  #count = 0;
  #bytes = 0;
  #isDone = false;

  constructor(entries: AsyncGenerator<Entry>, shares: number) {
    this.#entries = entries;
    this.#limitBytes = LOOK_AHEAD_BYTES / shares;
    this.#limit = Math.max(1, Math.floor(LOOK_AHEAD_ENTRIES / shares));
  }

  /** Reads on as far as its share allows; at least one entry waits while there are any. */
  async fill(heap: Heap<Waiting>): Promise<void> {
    while (!this.#isDone && (this.#count === 0 || this.#hasRoom())) {
      const next = await this.#entries.next();
      if (next.done === true) this.#isDone = true;
      else {
        heap.push({ entry: next.value, from: this });
        this.#count += 1;
        this.#bytes += next.value.text.length;
      }
    }
  }

  handedOn({ text }: Entry): void {
    this.#count -= 1;
    this.#bytes -= text.length;
  }

  close(): Promise<unknown> {
    return this.#entries.return(undefined);
  }

  #hasRoom(): boolean {
    return this.#count < this.#limit && this.#bytes < this.#limitBytes;
  }
}

/** Many series, each roughly in order, as one. */
export async function* merge(series: readonly AsyncGenerator<Entry>[]): AsyncGenerator<Entry> {
  const heap = new Heap<Waiting>((a, b) => compareEntries(a.entry, b.entry));
  const all = series.map((entries) => new Upcoming(entries, series.length));
  try {
    for (const upcoming of all) await upcoming.fill(heap);
    for (let waiting = heap.pop(); waiting !== undefined; waiting = heap.pop()) {
      waiting.from.handedOn(waiting.entry);
      yield waiting.entry;
      await waiting.from.fill(heap);
    }
  } finally {
    for (const upcoming of all) await upcoming.close();
  }
}
