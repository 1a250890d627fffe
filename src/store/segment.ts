import type { SeriesSpec, StagedSpec } from "../core/segment.js";
import { alone, type Chunk, type Chunks, MOST_BYTES_A_CHAR } from "./chunks.js";
import type { Waiting } from "./waiting.js";

/** What the segments of a store share. */
export interface Memory {
  readonly waiting: Waiting;
  readonly chunks: Chunks;
}

/** Long enough that copying outweighs the call, short enough to stay among the young objects (`bench` shows both). */
const PIECE_CHARS = 4 * 1024;

/** Fewer bytes are taken as text: a buffer of their own would stay mostly empty. */
const WORTH_A_BUFFER = 4 * 1024;

/** Chunks of one write: together some MB, so that no sync has much more than its limit to bring out. */
const MOST_CHUNKS = 64;

/**
 * One output file between opening and sealing: what waits for it and how far it is written and synced.
 *
 * Places are logical: bytes since the segment began, its header included. They stay valid when the file has to be given up
 * (removed or changed by somebody) and the rest goes on in a new file; only `origin` moves then.
 * What is written but not synced is kept, because after a failed sync nobody knows what the disk holds.
 */
export class Segment {
  #spec: SeriesSpec | StagedSpec;
  readonly #memory: Memory;
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

  /** Text that waits, in pieces of some KB, the last of which is still growing: `+=` only links, one copy is made when it is encoded. */
  #pieces: string[] = [];
  #piece = "";
  #pendingChars = 0;
  /** A buffer that bytes are copied to, and text once there is one, until it goes to the queue. */
  #tail: Buffer | undefined;
  #tailBytes = 0;
  #queue: Chunk[] = [];
  #unsynced: Chunk[] = [];
  #origin = 0;
  #end = 0;
  #asked = 0;
  #written = 0;
  #synced = 0;

  constructor(spec: SeriesSpec | StagedSpec, memory: Memory) {
    this.#spec = spec;
    this.#memory = memory;
  }

  /** A new segment, with its header waiting. */
  static begin(spec: SeriesSpec | StagedSpec, memory: Memory): Segment {
    const segment = new Segment(spec, memory);
    if (spec.header !== "") segment.append(spec.header);
    return segment;
  }

  /** A segment of an earlier run, which goes on behind its committed length. */
  static resume(
    spec: SeriesSpec | StagedSpec,
    memory: Memory,
    file: { path: string; length: number; part: number },
  ): Segment {
    const segment = new Segment(spec, memory);
    segment.path = file.path;
    segment.part = file.part;
    segment.#end = segment.#asked = segment.#written = segment.#synced = file.length;
    return segment;
  }

  get spec(): SeriesSpec | StagedSpec {
    return this.#spec;
  }

  /** The folder of its files could not be made: it goes to another one. Only while it has no file. */
  moveTo(folder: string): void {
    this.#spec = { ...this.#spec, folder };
  }

  get written(): number {
    return this.#written;
  }

  get synced(): number {
    return this.#synced;
  }

  /** Characters that are no bytes yet. */
  get textChars(): number {
    return this.#pendingChars;
  }

  /** Bytes that came since `encode` was last asked for. */
  get newBytes(): number {
    return this.#end + this.#tailBytes - this.#asked;
  }

  /** How long the file is or will be, roughly while text waits that is not encoded yet. */
  get size(): number {
    return this.#end - this.#origin + this.#pendingChars + this.#tailBytes;
  }

  /** Bytes that would have to be written again if a sync failed. */
  get unsyncedBytes(): number {
    return this.#written - this.#synced;
  }

  /** Whole entries as UTF-8, which are copied. */
  appendBytes(bytes: Uint8Array): void {
    if (this.#tail === undefined && bytes.length < WORTH_A_BUFFER) {
      this.append(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString());
      return;
    }
    this.#queueText();
    if (this.#tail !== undefined && this.#tailBytes + bytes.length > this.#tail.length) this.#queueTail();
    this.#tail ??= this.#memory.chunks.take();
    this.#tail.set(bytes, this.#tailBytes);
    this.#tailBytes += bytes.length;
    this.#memory.waiting.add(bytes.length);
  }

  append(text: string): void {
    if (this.#tail !== undefined) {
      if (this.#tailBytes + text.length * MOST_BYTES_A_CHAR <= this.#tail.length) {
        const length = this.#tail.write(text, this.#tailBytes);
        this.#tailBytes += length;
        this.#memory.waiting.add(length);
        return;
      }
      this.#queueTail();
    }
    this.#piece += text;
    if (this.#piece.length >= PIECE_CHARS) {
      this.#pieces.push(this.#piece);
      this.#piece = "";
    }
    this.#pendingChars += text.length;
    this.#memory.waiting.add(text.length);
  }

  /** Turns what waits as text into bytes. Returns the place behind everything appended so far. */
  encode(): number {
    this.#queueText();
    this.#queueTail();
    this.#asked = this.#end;
    return this.#end;
  }

  #queueTail(): void {
    if (this.#tail === undefined) return;
    this.#queue.push({ bytes: this.#tail.subarray(0, this.#tailBytes), pooled: this.#tail });
    this.#end += this.#tailBytes;
    this.#tail = undefined;
    this.#tailBytes = 0;
  }

  #queueText(): void {
    if (this.#pendingChars === 0) return;
    if (this.#piece !== "") this.#pieces.push(this.#piece);
    for (const chunk of this.#memory.chunks.encode(this.#pieces, this.#pendingChars)) {
      this.#queue.push(chunk);
      this.#end += chunk.bytes.length;
      this.#memory.waiting.add(chunk.bytes.length);
    }
    this.#memory.waiting.add(-this.#pendingChars);
    this.#pieces = [];
    this.#piece = "";
    this.#pendingChars = 0;
  }

  /**
   * The bytes to be written next: all that wait, as far as one call should take them. Under load the event loop comes by a segment
   * seldom, and with one chunk a time the queue grew by 10 MB a second until the buffer limit.
   */
  next(): Buffer[] {
    return this.#queue.slice(0, MOST_CHUNKS).map(({ bytes }) => bytes);
  }

  /** Offset in the file of a place. */
  offset(place: number): number {
    return place - this.#origin;
  }

  /** So many chunks of `next` are in the file. */
  wrote(count: number): void {
    for (const chunk of this.#queue.splice(0, count)) {
      this.#unsynced.push(chunk);
      this.#written += chunk.bytes.length;
    }
  }

  /** All that is written is durable. */
  markSynced(): void {
    this.#memory.waiting.settle(this.#written - this.#synced);
    for (const chunk of this.#unsynced) this.#memory.chunks.release(chunk);
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
      const header = alone(this.spec.header);
      const headerBytes = header.bytes.length;
      if (headerBytes > 0) this.#queue.unshift(header);
      this.#memory.waiting.add(headerBytes);
      this.#origin = this.#synced - headerBytes;
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
