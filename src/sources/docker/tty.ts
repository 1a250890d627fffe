import { isAscii } from "node:buffer";
import { type MessageSink, PIECE_BYTES } from "../messages.js";
import type { Position } from "../position.js";
import { TIME_CHARS, timeError } from "./engine-times.js";
import type { MessageCutter } from "./frames.js";

const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z /;
const TIMES = new RegExp(TIME, "g");
const PREFIX = TIME_CHARS + 1;
/** A time without nine digits of fraction in UTC. */
const OTHER_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[^.]|\.\d{0,8}[^\d]|\.\d{9}[^Z])/;

/**
 * A container with a TTY has no frames: each message is its time, a space and its text, one behind the other.
 * A message ends with a newline, or is a piece of 16,384 bytes (or more, see PIECE_BYTES) of a longer line; the piece that ends
 * such a line has no newline under the `local` driver, so there only the next message's time tells its end.
 * So it is with what a container has printed of a line when it is killed and started again: a time that stands inside a line
 * and is later than the line's own begins a message. Times that apps print themselves lie before it.
 */
export class TtyCutter implements MessageCutter {
  readonly frame = undefined;
  readonly #sink: MessageSink;
  #carry = "";
  /** The time of the long line whose pieces are coming, or empty. */
  #piecesOf = "";
  readonly #known: Position["last"];
  readonly #marksEnds: boolean;

  /**
   * `known` is the message that was taken last: where a container exited without a newline, only this tells its end. `driver`: that of the
   * log; whether the last piece of a line has a newline depends on it.
   */
  constructor(sink: MessageSink, known: Position["last"] = ["", 0, 0], driver = "") {
    this.#sink = sink;
    this.#known = known;
    this.#marksEnds = driver === "json-file";
  }

  get isHalf(): boolean {
    return this.#carry.length > 0 && !this.mayBeWhole;
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

  get mayBeWhole(): boolean {
    const [ts, , bytes] = this.#known;
    if (this.#carry.length < PREFIX) return false;
    if (!this.#marksEnds && this.#carry.length >= PREFIX + PIECE_BYTES) return true;
    if (!this.#marksEnds && this.#piecesOf !== "") return this.#carry.startsWith(this.#piecesOf);
    return ts !== "" && this.#carry.length === PREFIX + bytes && this.#carry.startsWith(ts);
  }

  quiet(): void {
    // Any other message that is not whole is being sent, however slowly.
    if (this.mayBeWhole) this.end();
  }

  end(): void {
    const rest = this.#carry;
    this.#carry = "";
    // A time alone is an empty message: the last piece of a line of just so many whole pieces.
    if (rest.length >= PREFIX) this.#emit(rest, rest.length);
  }

  /** Characters of the first message of `text` with its time, or 0 when it is not whole yet. */
  #messageLength(text: string): number {
    if (!TIME.test(text.substring(0, PREFIX))) {
      // A short text that has begun with another time would wait for more for ever.
      if (OTHER_TIME.test(text)) throw timeError(text);
      if (text.length < PREFIX) return 0;
      throw new Error(`no message begins with ${JSON.stringify(text.slice(0, 200))}`);
    }
    if (this.#isKnown(text)) return PREFIX + this.#known[2];
    const newline = text.indexOf("\n", PREFIX);
    const upTo = newline < 0 ? text.length : newline + 1;
    if (this.#piecesOf !== "" && text.startsWith(this.#piecesOf)) {
      const next = text.substring(PREFIX, Math.min(upTo, PREFIX + PIECE_BYTES + PREFIX)).search(TIME);
      if (next >= 0 && next <= PIECE_BYTES) return PREFIX + next;
    }
    const later = laterTime(text.substring(0, upTo));
    const end = later >= 0 ? later : newline + 1;
    return end > 0 && end <= PREFIX + PIECE_BYTES ? end : this.#pieceLength(text, end);
  }

  /**
   * Characters of a full piece with its time, or 0 when only what follows can tell. One that is longer than the engine cut it
   * ends where its time stands again. `end`: where it ends if it is no piece, 0 when that has not come.
   */
  #pieceLength(text: string, end: number): number {
    const least = PREFIX + PIECE_BYTES;
    if (text.length < least + PREFIX && end === 0) return 0;
    if (text.substring(least, least + PREFIX).search(TIME) === 0) return least;
    const again = text.indexOf(text.substring(0, PREFIX), least);
    return again < 0 || (end > 0 && end < again) ? end : again;
  }

  #isKnown(text: string): boolean {
    const [ts, , bytes] = this.#known;
    const end = PREFIX + bytes;
    return ts !== "" && text.startsWith(ts) && TIME.test(text.substring(end, end + PREFIX));
  }

  #emit(text: string, length: number): void {
    const ts = text.substring(0, TIME_CHARS);
    const raw = text.substring(PREFIX, length);
    this.#piecesOf = raw.length >= PIECE_BYTES && !raw.endsWith("\n") ? ts : "";
    this.#sink.message(ts, 0, raw, isAscii(Buffer.from(raw, "latin1")));
  }
}

/** Where a message that is later than the first one begins, or -1. */
function laterTime(text: string): number {
  for (const { 0: found, index } of text.matchAll(TIMES))
    if (index >= PREFIX && found > text.slice(0, PREFIX)) return index;
  return -1;
}
