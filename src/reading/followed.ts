import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { openBelow } from "../core/below.js";
import { type Entry, EntryCutter, type Wanted } from "./entries.js";
import type { EntryMemory } from "./entry-memory.js";
import { readBytes } from "./read-bytes.js";
import { readLines } from "./read-lines.js";
import type { SegmentFile } from "./segments.js";

/** What of a file's state tells that it changed, or is another. */
export interface FileState {
  readonly size: number;
  readonly ino: number;
  readonly birthtimeMs: number;
}

export interface FollowedOptions {
  readonly logDir: string;
  readonly segment: SegmentFile;
  readonly wanted: Wanted;
  /** Entries up to this time that stood in the file at the start are not news when they are written again. */
  readonly startedAt: string;
  /** Entries that were handed on lately, of all files. */
  readonly memory: EntryMemory;
}

const CHUNK_BYTES = 1024 * 1024;
/** How much in front of the place is compared, to notice a file that was cut and has grown again. */
const SEAM_BYTES = 4096;

/** How far one segment was read, which may grow, be cut back after a crash and be written again. */
export class Followed {
  readonly segment: SegmentFile;
  readonly #options: FollowedOptions;
  readonly #startBytes: number;
  #cutter: EntryCutter | undefined;
  #state: FileState | undefined;
  #seenMs = performance.now();
  #chunkBytes = CHUNK_BYTES;
  #seam: Buffer = Buffer.alloc(0);
  /** Before this place a file that was cut holds what was there before. */
  #knownBytes = 0;
  /** How often an entry was handed on that was cut off since. */
  #owed = new Map<string, number>();

  /** Bytes of whole lines that were read, or need not be. */
  readBytes: number;

  constructor(options: FollowedOptions) {
    this.#options = options;
    this.segment = options.segment;
    this.#startBytes = options.segment.endBytes ?? 0;
    this.readBytes = this.#startBytes;
  }

  /** Compares the file with what is known of it; whether there is something to read. */
  look(state: FileState): boolean {
    const former = this.#state;
    this.#state = state;
    this.#seenMs = performance.now();
    const isOther =
      former !== undefined && (former.ino !== state.ino || former.birthtimeMs !== state.birthtimeMs);
    if (isOther) this.#cutTo(0);
    else if (state.size < this.readBytes) this.#cutTo(state.size);
    return state.size > this.readBytes;
  }

  /** It is gone, and not by way of retention: what comes under its name is written again. Gives for how many milliseconds. */
  vanish(): number {
    if (this.readBytes > 0) this.#cutTo(0);
    this.#state = undefined;
    return performance.now() - this.#seenMs;
  }

  /** The news in the next piece of the file. */
  async read(): Promise<Entry[]> {
    const { logDir } = this.#options;
    const file = await openBelow(logDir, this.segment.path);
    try {
      const { size } = await file.stat();
      if (!(await this.#isSame(file))) this.#cutTo(this.#options.memory.oldest(this) ?? this.#startBytes);
      const end = Math.min(size, this.readBytes + this.#chunkBytes);
      const text = await readBytes(file, this.readBytes, end);
      const whole = text.subarray(0, text.lastIndexOf(0x0a) + 1);
      // A line longer than the piece is read whole next time.
      this.#chunkBytes = whole.length === 0 && text.length > 0 ? this.#chunkBytes * 2 : CHUNK_BYTES;
      return await this.#take(whole);
    } finally {
      await file.close();
    }
  }

  /** The news behind what was read, in a segment that was compressed or moved: nothing comes after it. */
  async finish(path: string): Promise<Entry[]> {
    const news: Entry[] = [];
    await this.#findHeader(path);
    const segment = { path, date: this.segment.date };
    for await (const line of readLines(this.#options.logDir, segment, { startBytes: this.readBytes })) {
      this.#takeLine(line, news);
    }
    return news;
  }

  async #take(whole: Buffer): Promise<Entry[]> {
    const news: Entry[] = [];
    if (whole.length === 0) return news;
    await this.#findHeader(this.segment.path);
    const lines = whole.toString("utf8").split("\n");
    lines.pop();
    for (const line of lines) this.#takeLine(line, news);
    this.#seam = Buffer.from(whole.subarray(-SEAM_BYTES));
    return news;
  }

  #takeLine(line: string, news: Entry[]): void {
    const at = this.readBytes;
    this.readBytes += Buffer.byteLength(line) + 1;
    const entry = this.#cutter!.take(line);
    if (entry === undefined) return;
    const key = keyOf(entry);
    this.#options.memory.add({ of: this, at, key });
    if (!this.#isKnown(entry, at, key)) news.push(entry);
  }

  /** Whether it was there before the file was cut. */
  #isKnown({ ts }: Entry, at: number, key: string): boolean {
    if (at >= this.#knownBytes) {
      if (this.#owed.size === 0) return false;
    } else if (ts <= this.#options.startedAt) return true;
    const count = this.#owed.get(key) ?? 0;
    if (count > 1) this.#owed.set(key, count - 1);
    else this.#owed.delete(key);
    return count > 0;
  }

  #cutTo(bytes: number): void {
    if (bytes < this.#startBytes) this.#knownBytes = Math.max(this.#knownBytes, this.readBytes);
    for (const key of this.#options.memory.forget(this, bytes)) {
      this.#owed.set(key, (this.#owed.get(key) ?? 0) + 1);
    }
    this.readBytes = bytes;
    this.#seam = Buffer.alloc(0);
    this.#cutter = undefined;
  }

  async #isSame(file: FileHandle): Promise<boolean> {
    const seam = await readBytes(file, this.readBytes - this.#seam.length, this.readBytes);
    return seam.equals(this.#seam);
  }

  /** A table's header stands at its top, and may have been read by nobody yet. */
  async #findHeader(path: string): Promise<void> {
    if (this.#cutter !== undefined) return;
    const { logDir, wanted } = this.#options;
    const { segment } = this;
    this.#cutter = new EntryCutter(segment, wanted, { at: this.readBytes });
    if (!segment.path.endsWith(".csv") || this.readBytes === 0) return;
    for await (const line of readLines(logDir, { ...segment, path, endBytes: this.readBytes })) {
      this.#cutter.take(line);
      if (this.#cutter.header !== undefined) return;
    }
  }
}

function keyOf({ text }: Entry): string {
  return createHash("sha1").update(text).digest("base64");
}
