import { isAscii } from "node:buffer";
import type { LaneLines, LineLane } from "../../core/lane.js";
import { CLEAR, type MessageSink } from "../messages.js";
import { STREAM_NAMES, type StreamIndex } from "../position.js";
import type { LineClock } from "./line-clock.js";

const NEWLINE = 10;

export interface LineCutterOptions {
  readonly stream: StreamIndex;
  readonly sink: MessageSink;
  readonly clock: LineClock;
  /** Bytes of a line beyond this are not kept (the sink cuts the line and says so). */
  readonly keepBytes: number;
  /** Undefined: all lines go to the sink. */
  readonly lane: PipeLane | undefined;
}

/** A shorter way than the sink, and what it has to know of it. */
export interface PipeLane extends Pick<LaneLines, "container" | "settle"> {
  readonly lane: LineLane;
  readonly isPending: () => boolean;
  /** The sink was brought a line. */
  readonly onLong: () => void;
}

/**
 * Cuts the bytes of a pipe into lines. Like the engine's frames they are decoded by the chunk and handed on as
 * slices of it: split2 would cost 0.6 µs a line here, a third of all the work that a line makes, and keeps a line
 * without an end in memory whole.
 */
export class LineCutter {
  readonly #options: LineCutterOptions;
  /** Beginning of a line whose end has not come. */
  #carry: Buffer[] = [];
  #carryBytes = 0;

  constructor(options: LineCutterOptions) {
    this.#options = options;
  }

  push(chunk: Buffer): void {
    const first = chunk.indexOf(NEWLINE);
    if (first < 0) {
      this.#keep(chunk);
      return;
    }
    let from = 0;
    if (this.#carryBytes > 0) {
      this.#keep(chunk.subarray(0, first));
      this.end();
      from = first + 1;
    }
    const to = chunk.lastIndexOf(NEWLINE) + 1;
    if (to > from) this.#lines(chunk.subarray(from, to));
    if (to < chunk.length) this.#keep(chunk.subarray(to));
  }

  /** The pipe is at its end: what has no line end is a line too. */
  end(): void {
    if (this.#carryBytes === 0) return;
    const line = Buffer.concat([...this.#carry, Buffer.of(NEWLINE)]);
    this.#carry = [];
    this.#carryBytes = 0;
    this.#lines(line);
  }

  #keep(bytes: Buffer): void {
    const room = this.#options.keepBytes - this.#carryBytes;
    // A copy: the chunk's memory is used again by whoever read it.
    if (room > 0) this.#carry.push(Buffer.from(bytes.subarray(0, room)));
    this.#carryBytes += Math.max(0, Math.min(room, bytes.length));
  }

  #lines(bytes: Buffer): void {
    const { sink, stream, clock, lane } = this.#options;
    if (lane !== undefined && clock.isWithinSecond(bytes.length)) {
      this.#takeLane(bytes, lane);
      return;
    }
    const ascii = isAscii(bytes);
    const text = bytes.toString("latin1");
    let from = 0;
    while (from < text.length) {
      const end = text.indexOf("\n", from) + 1;
      sink.message(clock.next(), stream, text.substring(from, end), ascii);
      from = end;
    }
  }

  #takeLane(bytes: Buffer, { lane, container, isPending, onLong, settle }: PipeLane): void {
    const { sink, stream, clock } = this.#options;
    const count = lane.take({
      container,
      stream: STREAM_NAMES[stream],
      bytes,
      ts: clock.next(),
      isPending: isPending(),
      long: (ts, raw, isAscii, isClear) => {
        sink.message(ts, stream, raw, isAscii, isClear ? CLEAR : undefined);
        onLong();
      },
      settle,
    });
    clock.pass(count - 1);
  }
}
