import { isAscii } from "node:buffer";
import type { Entry } from "./entry.js";
import type { EntryForm } from "./log-format.js";

export interface EntrySink {
  /** `offset` is where the entry ends in its file. */
  entry(entry: Entry, offset: number): void;
  /** What stands here is no entry. */
  damaged(): void;
}

/** A letter takes up to six bytes in an entry, of which a message has 16,384: a longer line is damage. */
const LONGEST_ENTRY = 1 << 20;
const LINE_END = Buffer.from("\n");

/** Cuts the bytes of a log file into entries. What is behind the last line end waits for more. */
export class EntryCutter {
  readonly #sink: EntrySink;
  readonly #form: EntryForm;
  #carry: Buffer | undefined;
  /** Offset of what comes next, the carried bytes included. */
  #offset: number;

  constructor(offset: number, form: EntryForm, sink: EntrySink) {
    this.#offset = offset;
    this.#form = form;
    this.#sink = sink;
  }

  push(chunk: Buffer): void {
    const bytes = this.#carry === undefined ? chunk : Buffer.concat([this.#carry, chunk]);
    const end = bytes.lastIndexOf(10) + 1;
    this.#carry = end < bytes.length ? Buffer.from(bytes.subarray(end)) : undefined;
    if (end > 0) this.#cut(bytes.subarray(0, end));
    if (this.#carry !== undefined && this.#carry.length > LONGEST_ENTRY) {
      this.#sink.damaged();
      this.#offset += this.#carry.length;
      this.#carry = undefined;
    }
  }

  /** Nothing more is written to the file: what waits is an entry without its line end, or half of one, of an engine that was killed. */
  end(): void {
    if (this.#carry === undefined) return;
    const bytes = Buffer.concat([this.#carry, LINE_END]);
    this.#carry = undefined;
    // Whoever takes them may keep them until more comes, and what was unwrapped is gone then.
    this.#read(bytes, this.#offset);
    this.#offset += bytes.length;
  }

  #cut(bytes: Buffer): void {
    const base = this.#offset;
    this.#offset += bytes.length;
    const isDone = this.#form.unwrap?.(bytes, {
      entry: (entry, end) => this.#sink.entry(entry, base + end),
      other: (start, end) => this.#read(bytes.subarray(start, end), base + start),
    });
    if (isDone !== true) this.#read(bytes, base);
  }

  #read(bytes: Buffer, base: number): void {
    const ascii = isAscii(bytes);
    const text = bytes.toString("latin1");
    for (let from = 0; from < text.length; ) {
      const end = text.indexOf("\n", from);
      const entry = this.#form.readEntry(text.substring(from, end), ascii);
      from = end + 1;
      if (entry === undefined) this.#sink.damaged();
      else this.#sink.entry(entry, base + from);
    }
  }
}
