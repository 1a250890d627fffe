import type { SeriesSpec, StagedSpec } from "../core/segment.js";
import type { Waiting } from "./waiting.js";

/**
 * One output file between opening and sealing: what waits for it and how far it is written and synced.
 *
 * Places are logical: bytes since the segment began, its header included. They stay valid when the file has to be given up
 * (removed or changed by somebody) and the rest goes on in a new file; only `origin` moves then.
 * What is written but not synced is kept, because after a failed sync nobody knows what the disk holds.
 */
export class Segment {
  readonly spec: SeriesSpec | StagedSpec;
  readonly #waiting: Waiting;
  /** Below the log folder; undefined until a name was found and the file was made. */
  path: string | undefined;
  /** The number in that name. */
  part: number | undefined;
  /** Nothing more is appended. */
  closed = false;
  /** Something was appended since the last look of the sealing sweep. */
  touched = true;
  /** Stands in the set of segments that the next flush writes. */
  isListed = false;
  /** The end of the queue of operations on the file: one at a time. */
  turn: Promise<void> = Promise.resolve();
  /** The file may hold bytes behind `written`, of a write or a sync that failed. */
  isTorn = false;

  #pending: string[] = [];
  #pendingChars = 0;
  #queue: Buffer[] = [];
  #unsynced: Buffer[] = [];
  #origin = 0;
  #end = 0;
  #written = 0;
  #synced = 0;

  constructor(spec: SeriesSpec | StagedSpec, waiting: Waiting) {
    this.spec = spec;
    this.#waiting = waiting;
  }

  /** A new segment, with its header waiting. */
  static begin(spec: SeriesSpec | StagedSpec, waiting: Waiting): Segment {
    const segment = new Segment(spec, waiting);
    if (spec.header !== "") segment.append(spec.header);
    return segment;
  }

  /** A segment of an earlier run, which goes on behind its committed length. */
  static resume(
    spec: SeriesSpec | StagedSpec,
    waiting: Waiting,
    file: { path: string; length: number; part: number },
  ): Segment {
    const segment = new Segment(spec, waiting);
    segment.path = file.path;
    segment.part = file.part;
    segment.#end = segment.#written = segment.#synced = file.length;
    return segment;
  }

  get written(): number {
    return this.#written;
  }

  get synced(): number {
    return this.#synced;
  }

  get pendingChars(): number {
    return this.#pendingChars;
  }

  /** How long the file is or will be, roughly while text waits that is not encoded yet. */
  get size(): number {
    return this.#end - this.#origin + this.#pendingChars;
  }

  /** Bytes that would have to be written again if a sync failed. */
  get unsyncedBytes(): number {
    return this.#written - this.#synced;
  }

  get isIdle(): boolean {
    return this.#pendingChars === 0 && this.#queue.length === 0;
  }

  append(text: string): void {
    this.#pending.push(text);
    this.#pendingChars += text.length;
    this.#waiting.add(text.length);
  }

  /** Turns what waits as text into bytes, once for all of it. Returns the place behind everything appended so far. */
  encode(): number {
    if (this.#pending.length > 0) {
      const bytes = Buffer.from(
        this.#pending.length === 1 ? (this.#pending[0] ?? "") : this.#pending.join(""),
      );
      this.#queue.push(bytes);
      this.#end += bytes.length;
      this.#waiting.add(bytes.length - this.#pendingChars);
      this.#pending = [];
      this.#pendingChars = 0;
    }
    return this.#end;
  }

  /** The bytes to be written next. */
  next(): Buffer | undefined {
    return this.#queue[0];
  }

  /** Offset in the file of a place. */
  offset(place: number): number {
    return place - this.#origin;
  }

  /** The bytes of `next` are in the file. */
  wrote(): void {
    const bytes = this.#queue.shift();
    if (bytes === undefined) return;
    this.#unsynced.push(bytes);
    this.#written += bytes.length;
  }

  /** All that is written is durable. */
  markSynced(): void {
    this.#waiting.add(this.#synced - this.#written);
    this.#unsynced = [];
    this.#synced = this.#written;
  }

  /** What is written but not synced has to be written again. */
  rewind(): void {
    // The file is longer than it counts for now.
    if (this.#unsynced.length > 0) this.isTorn = true;
    this.#queue = [...this.#unsynced, ...this.#queue];
    this.#unsynced = [];
    this.#written = this.#synced;
  }

  /** The file is given up: all that it does not hold for certain goes to a new one, under a header again. */
  leaveFile(): void {
    this.rewind();
    if (this.#synced > this.#origin) {
      const header = Buffer.from(this.spec.header);
      if (header.length > 0) this.#queue.unshift(header);
      this.#waiting.add(header.length);
      this.#origin = this.#synced - header.length;
      this.#written = this.#synced = this.#origin;
    }
    this.path = undefined;
    this.part = undefined;
    this.isTorn = false;
  }

  /**
   * The file's length at a place, for the checkpoint; undefined when the file holds nothing of what was appended before
   * that place (it was begun later, under the same segment).
   */
  lengthAt(place: number): number | undefined {
    const length = place - this.#origin;
    const isBegunLater = this.#origin !== 0 && length <= Buffer.byteLength(this.spec.header);
    return this.path === undefined || isBegunLater ? undefined : length;
  }
}
