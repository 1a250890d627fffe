import { isUtf8 } from "node:buffer";
import type { LearnedForm, Line, LineJoiner, Relation } from "../core/line.js";
import { Cursor, type Mark, positionOf } from "./cursor.js";
import { type MessageSink, type MessageTraits, PIECE_BYTES } from "./messages.js";
import { nothingPending, type Pending, pendingFrom } from "./pending.js";
import { type Position, STREAM_NAMES, type StreamIndex } from "./position.js";
import type { Skipping } from "./skipping.js";

/** An event of several lines is handed on when it has grown this long, whatever comes next. */
const GROUP_LINES = 1000;

export interface AssemblerOptions {
  /** One joiner a stream. */
  readonly joiners: readonly [LineJoiner, LineJoiner];
  /** Longer lines (and events) are cut here, in bytes. */
  readonly maxLineBytes: number;
}

/**
 * Makes lines of messages: pieces of long lines are joined, each stream for itself, and so are lines that are
 * one event. Always knows the position from which nothing would be lost and nothing handed on twice.
 */
export class Assembler implements MessageSink {
  /** Whole lines since the last `drain`. */
  lines: Line[] = [];
  /** Bytes of text in them. */
  bytes = 0;
  readonly #cursor: Cursor;
  readonly #skipping: Skipping;
  readonly #options: AssemblerOptions;
  readonly #pending: readonly [Pending, Pending] = [nothingPending(), nothingPending()];

  /** `skipping` is the resume's own, read when a position is asked for. */
  constructor(position: Position, skipping: Skipping, options: AssemblerOptions) {
    this.#cursor = new Cursor(position);
    this.#skipping = skipping;
    this.#options = options;
    options.joiners.forEach((joiner, stream) => {
      joiner.reset();
      joiner.learned = position.forms?.[stream] ?? joiner.learned;
    });
  }

  /** An event of the stream waits for more lines; pieces of a line are not meant. */
  groupPending(stream: StreamIndex): boolean {
    return this.#pending[stream].group !== undefined;
  }

  /** A long line of the stream has begun whose end has not come. */
  piecesPending(stream: StreamIndex): boolean {
    return this.#pending[stream].piecesTs !== "";
  }

  get lastTs(): string {
    return this.#cursor.lastTs;
  }

  position(): Position {
    const [out, err] = this.#pending;
    const position = positionOf(this.#cursor.mark(), [pendingFrom(out), pendingFrom(err)], this.#skipping);
    const forms = [this.#formBefore(0), this.#formBefore(1)] as const;
    return forms[0] === null && forms[1] === null ? position : { ...position, forms };
  }

  /** What was learned of a stream before its first line that would be read again. */
  #formBefore(stream: StreamIndex): LearnedForm | null {
    const { group } = this.#pending[stream];
    const learned = group === undefined ? this.#options.joiners[stream].learned : group.learned;
    return learned === undefined || learned.kind === "" ? null : learned;
  }

  /** Behind the message that was taken last, whatever is pending. */
  place(): Position {
    return positionOf(this.#cursor.mark(), [undefined, undefined], this.#skipping);
  }

  /** The place at which it began is gone, before any message was shown: what is left begins with a message of this time. */
  beginAnew(ts: string): void {
    this.#cursor.beginAnew(ts);
  }

  /** A message that is handed on otherwise, or was before the position was stored. */
  skip(ts: string, stream: StreamIndex, bytes: number): void {
    this.#cursor.next(ts);
    this.#cursor.pass(ts, stream, bytes);
  }

  /** Where the next message ends in the engine's log file, before it is shown. */
  at(inode: number, offset: number): void {
    this.#cursor.nextInode = inode;
    this.#cursor.nextOffset = offset;
  }

  message(ts: string, stream: StreamIndex, raw: string, ascii: boolean, traits?: MessageTraits): void {
    const piece = traits?.piece;
    this.#cursor.next(ts);
    const pending = this.#pending[stream];
    if (piece === undefined && pending.piecesTs !== "" && pending.piecesTs !== ts)
      this.#finishPieces(stream, pending);
    const ends = raw.endsWith("\n");
    const text = ends ? raw.substring(0, raw.length - 1) : raw;
    const lastPiece = !(piece ?? (!ends && raw.length >= PIECE_BYTES));
    if (pending.piecesTs === "" && lastPiece) {
      const line = this.#decode(stream, ts, text, ascii, traits?.clear);
      const relation = this.#relate(stream, line);
      // Only where the line may stay pending is the place before it needed.
      const before = relation === "starts" ? this.#cursor.mark() : undefined;
      this.#cursor.pass(ts, stream, raw.length);
      this.#place(stream, line, relation, before);
      return;
    }
    if (pending.piecesTs === "") {
      pending.piecesTs = ts;
      pending.piecesFrom = this.#cursor.mark();
    }
    this.#cursor.pass(ts, stream, raw.length);
    pending.piecesAscii &&= ascii;
    // Two bytes more than fit are kept (one may be a carriage return), so that the cut is seen and made in one place.
    const room = this.#options.maxLineBytes + 2 - pending.pieces.length;
    if (room > 0) pending.pieces += text.substring(0, room);
    if (lastPiece) this.#finishPieces(stream, pending);
  }

  /** Nothing has come on these streams for a while: an event that was waiting for more lines is whole. */
  quiet(...streams: readonly StreamIndex[]): void {
    for (const stream of streams) {
      const pending = this.#pending[stream];
      // A long line that has begun may belong to the event.
      if (pending.piecesTs === "") this.#finishGroup(stream, pending);
    }
  }

  /** Nothing has come behind events whose last line is older than this engine time: they are whole. */
  settle(before: string): void {
    for (const stream of [0, 1] as const) {
      const { group } = this.#pending[stream];
      if (group !== undefined && (group.lastTs ?? group.ts) < before) this.quiet(stream);
    }
  }

  /** A line comes on the stream that stands alone and is not brought here: what is pending is whole. */
  interrupt(stream: StreamIndex): void {
    const pending = this.#pending[stream];
    if (pending.piecesTs !== "") this.#finishPieces(stream, pending);
    this.#finishGroup(stream, pending);
  }

  /** The container has stopped and all was read: whatever is pending is whole. */
  end(): void {
    for (const stream of [0, 1] as const) this.interrupt(stream);
  }

  drain(): { readonly lines: Line[]; readonly bytes: number } {
    const drained = { lines: this.lines, bytes: this.bytes };
    this.lines = [];
    this.bytes = 0;
    return drained;
  }

  #finishPieces(stream: StreamIndex, pending: Pending): void {
    const line = this.#decode(stream, pending.piecesTs, pending.pieces, pending.piecesAscii);
    const before = pending.piecesFrom;
    pending.pieces = "";
    pending.piecesTs = "";
    pending.piecesAscii = true;
    pending.piecesFrom = undefined;
    this.#place(stream, line, this.#relate(stream, line), before);
  }

  #relate(stream: StreamIndex, line: Line): Relation {
    // Joiners look at how a line begins: there is no need to show them a megabyte.
    const text = line.text.length > 4096 ? line.text.substring(0, 4096) : line.text;
    return this.#options.joiners[stream].relate(text);
  }

  #place(stream: StreamIndex, line: Line, relation: Relation, before: Mark | undefined): void {
    const pending = this.#pending[stream];
    if (relation === "joins" && pending.group !== undefined) {
      pending.group = this.#joined(pending.group, line);
      if (pending.group.lines >= GROUP_LINES) this.#finishGroup(stream, pending);
      return;
    }
    if (pending.group !== undefined) this.#handOnGroup(pending);
    if (relation === "starts") {
      pending.group = line;
      pending.groupFrom = before;
    } else this.#handOn(line);
  }

  #joined(group: Line, next: Line): Line {
    const limit = this.#options.maxLineBytes;
    const whole = `${group.text}\n${next.text}`;
    return {
      ...group,
      lastTs: next.ts,
      text: whole.length > limit ? whole.slice(0, limit) : whole,
      lines: group.lines + 1,
      truncated: group.truncated || next.truncated || whole.length > limit,
      replaced: group.replaced || next.replaced,
      // What was looked at line by line.
      clear: false,
    };
  }

  /** The event is whole for a reason that the joiner cannot see. */
  #finishGroup(stream: StreamIndex, pending: Pending): void {
    if (pending.group === undefined) return;
    this.#handOnGroup(pending);
    this.#options.joiners[stream].reset();
  }

  #handOnGroup(pending: Pending): void {
    if (pending.group !== undefined) this.#handOn(pending.group);
    pending.group = undefined;
    pending.groupFrom = undefined;
  }

  #handOn(line: Line): void {
    this.lines.push(line);
    this.bytes += line.text.length;
  }

  #decode(stream: StreamIndex, ts: string, bytes: string, ascii: boolean, clear?: boolean): Line {
    let raw = bytes.endsWith("\r") ? bytes.substring(0, bytes.length - 1) : bytes;
    const truncated = raw.length > this.#options.maxLineBytes;
    if (truncated) raw = cutBytes(raw, this.#options.maxLineBytes);
    let text = raw;
    let replaced = false;
    if (!ascii && /[\x80-\xff]/.test(raw)) {
      const utf8 = Buffer.from(raw, "latin1");
      replaced = !isUtf8(utf8);
      text = utf8.toString("utf8");
    }
    const { learned } = this.#options.joiners[stream];
    return { ts, stream: STREAM_NAMES[stream], text, lines: 1, truncated, replaced, learned, clear };
  }
}

/** Cuts UTF-8 bytes (one a character) without leaving a torn character at the end. */
function cutBytes(raw: string, limit: number): string {
  let end = limit;
  while (end > limit - 4 && (raw.charCodeAt(end) & 0xc0) === 0x80) end -= 1;
  return raw.substring(0, end);
}
