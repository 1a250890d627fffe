import type { ByteAppender, SeriesSpec } from "../core/segment.js";
import type { SegmentEntry } from "./checkpoint.js";
import type { Flusher } from "./flusher.js";
import { seriesKey } from "./names.js";
import { type Memory, Segment } from "./segment.js";

interface SeriesOptions {
  readonly memory: Memory;
  readonly flusher: Flusher;
  readonly segmentSizeBytes: number;
  readonly endOfDateMs: (date: string) => number;
}

/** A series of a past date is sealed so long after the date's end … */
const GRACE_MS = 5 * 60_000;
/** … when nothing came for it during so long. */
const IDLE_MS = 10 * 60_000;

/** Tables of one name but other columns whose files are open side by side; more close the one begun first. */
const OPEN_HEADERS = 16;

/** The open segments of all series, and for each series and header the one that text goes to. */
export class SeriesBook {
  readonly options: SeriesOptions;
  readonly #open = new Set<Segment>();
  readonly #current = new Map<string, Segment>();
  readonly #touchedMs = new WeakMap<Segment, number>();

  constructor(options: SeriesOptions) {
    this.options = options;
  }

  /** All that the next checkpoint has to name. */
  get open(): ReadonlySet<Segment> {
    return this.#open;
  }

  appender(spec: SeriesSpec): ByteAppender {
    return new SeriesAppender(this, spec);
  }

  /** Goes on with a segment of an earlier run. */
  resume(entry: SegmentEntry): void {
    const segment = Segment.resume(entry.spec, this.options.memory, entry);
    this.#open.add(segment);
    this.#current.set(currentKey(entry.spec), segment);
  }

  /** How large the segment is before the next entry of the series. */
  sizeOf(spec: SeriesSpec): number {
    const current = this.#current.get(currentKey(spec));
    const isOpen = current !== undefined && !current.closed && current.size < this.options.segmentSizeBytes;
    return isOpen ? current.size : Buffer.byteLength(spec.header);
  }

  /** The segment for the next entries of the series; what cannot be continued is closed. */
  segmentFor(spec: SeriesSpec): Segment {
    const key = currentKey(spec);
    const current = this.#current.get(key);
    if (current !== undefined) {
      if (!current.closed && current.size < this.options.segmentSizeBytes) return current;
      this.#close(current);
    } else if (spec.header !== "") this.#limitHeaders(spec);
    const segment = Segment.begin(spec, this.options.memory);
    this.#open.add(segment);
    this.#current.set(key, segment);
    return segment;
  }

  #limitHeaders(spec: SeriesSpec): void {
    const key = seriesKey(spec);
    const alike = [...this.#open].filter((segment) => !segment.closed && seriesKey(segment.spec) === key);
    if (alike.length >= OPEN_HEADERS) this.#close(alike[0]!);
  }

  #close(segment: Segment): void {
    segment.closed = true;
    this.options.flusher.ended(segment);
  }

  /** Closes segments whose date is over and that have been quiet since. Whether there were any. */
  closeOld(nowMs: number): boolean {
    let hasClosed = false;
    for (const segment of this.#open) {
      if (segment.closed) continue;
      if (segment.touched) {
        segment.touched = false;
        this.#touchedMs.set(segment, nowMs);
      }
      const idleMs = nowMs - (this.#touchedMs.get(segment) ?? nowMs);
      if (idleMs < IDLE_MS || nowMs < this.options.endOfDateMs(segment.spec.date) + GRACE_MS) continue;
      segment.closed = true;
      hasClosed = true;
    }
    return hasClosed;
  }

  /** A closed segment is durable as it is: it is sealed now. */
  drop(segment: Segment): void {
    this.#open.delete(segment);
    // Looked for by itself: a segment that had to go to another folder is not called as its entries are any more.
    for (const [key, each] of this.#current) if (each === segment) this.#current.delete(key);
  }
}

class SeriesAppender implements ByteAppender {
  readonly #book: SeriesBook;
  readonly #spec: SeriesSpec;
  #segment: Segment | undefined;

  constructor(book: SeriesBook, spec: SeriesSpec) {
    this.#book = book;
    this.#spec = spec;
  }

  append(text: string): void {
    if (text === "") return;
    const segment = this.#open();
    segment.append(text);
    this.#appended(segment);
  }

  appendBytes(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const segment = this.#open();
    segment.appendBytes(bytes);
    this.#appended(segment);
  }

  room(): { bytes: number; entries: number } {
    const { segmentSizeBytes } = this.#book.options;
    const left = segmentSizeBytes - this.#book.sizeOf(this.#spec);
    // Where its beginning alone fills a file, each has one entry.
    return { bytes: Math.max(left, 1), entries: Number.POSITIVE_INFINITY };
  }

  #open(): Segment {
    let segment = this.#segment;
    if (segment === undefined || segment.closed || segment.size >= this.#book.options.segmentSizeBytes) {
      segment = this.#book.segmentFor(this.#spec);
      this.#segment = segment;
    }
    return segment;
  }

  #appended(segment: Segment): void {
    segment.touched = true;
    this.#book.options.flusher.appended(segment);
  }
}

/** A file has one header, so entries under another one go to another file, and both are continued. */
function currentKey(spec: Segment["spec"]): string {
  return `${seriesKey(spec)}\n${spec.header}`;
}
