import { isAscii } from "node:buffer";
import { type MessageSink, PIECE_BYTES } from "../messages.js";
import { type MessageCutter, TIME_CHARS } from "./frames.js";

const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z /;
const PREFIX = TIME_CHARS + 1;

/**
 * A container with a TTY has no frames: each message is its time, a space and its text, one behind the other.
 * A message ends with a newline, or is a piece of exactly 16,384 bytes of a longer line; the piece that ends
 * such a line has no newline under the `local` driver, so there only the next message's time tells its end.
 */
export class TtyCutter implements MessageCutter {
  readonly #sink: MessageSink;
  #carry = "";
  /** The time of the long line whose pieces are coming, or empty. */
  #piecesOf = "";

  constructor(sink: MessageSink) {
    this.#sink = sink;
  }

  get pendingBytes(): number {
    return this.#carry.length;
  }

  push(buffer: Buffer, start: number, end: number): void {
    let text = this.#carry + buffer.toString("latin1", start, end);
    for (;;) {
      const length = this.#messageLength(text);
      if (length === 0) break;
      this.#emit(text, length);
      text = text.substring(length);
    }
    this.#carry = text;
  }

  flush(): void {
    // Messages are handed on as they are cut.
  }

  end(): void {
    const rest = this.#carry;
    this.#carry = "";
    if (rest.length > PREFIX) this.#emit(rest, rest.length);
    this.#piecesOf = "";
  }

  /** Characters of the first message of `text` with its time, or 0 when it is not whole yet. */
  #messageLength(text: string): number {
    if (text.length < PREFIX) return 0;
    const newline = text.indexOf("\n", PREFIX);
    const upTo = newline < 0 ? text.length : newline + 1;
    if (this.#piecesOf !== "" && text.startsWith(this.#piecesOf)) {
      const next = text.substring(PREFIX, Math.min(upTo, PREFIX + PIECE_BYTES + PREFIX)).search(TIME);
      if (next >= 0 && next <= PIECE_BYTES) return PREFIX + next;
    }
    if (newline >= 0 && newline < PREFIX + PIECE_BYTES) return newline + 1;
    return text.length >= PREFIX + PIECE_BYTES ? PREFIX + PIECE_BYTES : 0;
  }

  #emit(text: string, length: number): void {
    const ts = text.substring(0, TIME_CHARS);
    const raw = text.substring(PREFIX, length);
    this.#piecesOf = raw.length === PIECE_BYTES && !raw.endsWith("\n") ? ts : "";
    this.#sink.message(ts, 0, raw, isAscii(Buffer.from(raw, "latin1")));
  }
}
