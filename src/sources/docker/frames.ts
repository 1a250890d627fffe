import { isAscii } from "node:buffer";
import type { MessageSink } from "../messages.js";
import type { StreamIndex } from "../position.js";
import { beginsWithTime, TIME_CHARS, timeError } from "./engine-times.js";

/**
 * The engine's multiplexed stream (moby: api/types/container/stdcopy; engine API "Attach to a container",
 * stream format): 1 byte stream, 3 zero bytes, 4 bytes big-endian length, payload. One frame is one log message.
 */
const HEADER_BYTES = 8;

/** The stream of the engine's own reports (moby: stdcopy.Systemerr); they carry no time. */
const SYSTEM_ERROR = 3;

/** No engine makes a longer frame: anything above is a stream that is not what it should be. */
const MAX_FRAME_BYTES = 1 << 20;

/** A message as it stands in what was read, its time first. */
export interface Frame {
  buffer: Buffer;
  start: number;
  end: number;
  ts: string;
  raw: string;
}

/** Cuts the bytes of a log stream into messages, whatever borders the chunks have. */
export interface MessageCutter {
  /** Bytes `start` to `end` of `buffer`, which may be changed afterwards but not before the next `flush`. */
  push(buffer: Buffer, start: number, end: number): void;
  /** Hands on what the pushed bytes hold: call it before the buffer is used again. */
  flush(): void;
  /** The message that is being handed on; undefined where there are no frames, and between two calls. Its fields change with each message. */
  readonly frame: Readonly<Frame> | undefined;
  /** The rest of a message is still to come. */
  readonly isHalf: boolean;
  /** What is pending may be whole, which its bytes alone cannot tell. */
  readonly mayBeWhole: boolean;
  /** Nothing has come for a while: what may be whole is. */
  quiet(): void;
  /** The stream is at its end: what is pending is whole, or of no use. */
  end(): void;
}

/**
 * Frames are first only measured, then decoded together: one call into the engine for a chunk of 64 KB instead
 * of one a line, and lines that are slices of it.
 */
export class FrameCutter implements MessageCutter {
  frame: Frame | undefined;
  readonly #sink: MessageSink;
  #carry: Buffer | undefined;
  #buffer: Buffer | undefined;
  #from = 0;
  #to = 0;
  #count = 0;
  #starts = new Int32Array(1024);
  #ends = new Int32Array(1024);
  #streams = new Uint8Array(1024);

  constructor(sink: MessageSink) {
    this.#sink = sink;
  }

  get isHalf(): boolean {
    return this.#carry !== undefined && this.#carry.length > 0;
  }

  push(buffer: Buffer, start: number, end: number): void {
    let from = start;
    if (this.#carry !== undefined) {
      from = this.#completeCarry(this.#carry, buffer, start, end);
      if (from < 0) return;
    }
    if (this.#buffer !== buffer) {
      this.flush();
      this.#buffer = buffer;
      this.#from = from;
    }
    while (end - from >= HEADER_BYTES) {
      const next = from + HEADER_BYTES + frameLength(buffer, from);
      if (next > end) break;
      this.#note(buffer, from, next);
      from = next;
    }
    if (from < end) this.#carry = Buffer.from(buffer.subarray(from, end));
  }

  flush(): void {
    const buffer = this.#buffer;
    if (buffer === undefined) return;
    const count = this.#count;
    this.#buffer = undefined;
    this.#count = 0;
    if (count === 0) return;
    const base = this.#from;
    const ascii = isAscii(buffer.subarray(base, this.#to));
    const text = buffer.toString("latin1", base, this.#to);
    const frame: Frame = { buffer, start: 0, end: 0, ts: "", raw: "" };
    this.frame = frame;
    try {
      for (let index = 0; index < count; index += 1) {
        frame.start = this.#starts[index]!;
        frame.end = this.#ends[index]!;
        const start = frame.start - base;
        const end = frame.end - base;
        if (end - start <= TIME_CHARS || !beginsWithTime(text, start))
          throw timeError(text.slice(start, end));
        frame.ts = text.substring(start, start + TIME_CHARS);
        frame.raw = text.substring(start + TIME_CHARS + 1, end);
        this.#sink.message(frame.ts, this.#streams[index] as StreamIndex, frame.raw, ascii);
      }
    } finally {
      this.frame = undefined;
    }
  }

  get mayBeWhole(): boolean {
    // A frame says how long it is.
    return false;
  }

  quiet(): void {
    // A frame that is not whole is being sent.
  }

  end(): void {
    // Half a frame is not a message: it is read again from the position.
    this.#carry = undefined;
  }

  /** Returns where in `buffer` the carried frame ended, or -1 when it is still not whole. */
  #completeCarry(carry: Buffer, buffer: Buffer, start: number, end: number): number {
    const have = carry.length;
    const header =
      have >= HEADER_BYTES
        ? carry
        : Buffer.concat([carry, buffer.subarray(start, Math.min(end, start + HEADER_BYTES))]);
    if (header.length < HEADER_BYTES) {
      this.#carry = header;
      return -1;
    }
    const missing = HEADER_BYTES + frameLength(header, 0) - have;
    const whole = Buffer.concat([carry, buffer.subarray(start, Math.min(end, start + missing))]);
    if (end - start < missing) {
      this.#carry = whole;
      return -1;
    }
    this.#carry = undefined;
    this.flush();
    this.#buffer = whole;
    this.#from = 0;
    this.#note(whole, 0, whole.length);
    this.flush();
    return start + missing;
  }

  #note(buffer: Buffer, from: number, next: number): void {
    if (this.#count === this.#starts.length) this.#grow();
    if (buffer[from] === SYSTEM_ERROR) throw new EngineReport(buffer.subarray(from + HEADER_BYTES, next));
    const index = this.#count;
    this.#starts[index] = from + HEADER_BYTES;
    this.#ends[index] = next;
    this.#streams[index] = buffer[from] === 2 ? 1 : 0;
    this.#count = index + 1;
    this.#to = next;
    // Lengths are the only bytes of a header that can be above 0x7f: without them one look tells whether all text is ASCII.
    buffer[from + 6] = 0;
    buffer[from + 7] = 0;
    buffer[from + 5] = 0;
  }

  #grow(): void {
    const size = this.#starts.length * 2;
    const starts = new Int32Array(size);
    const ends = new Int32Array(size);
    const streams = new Uint8Array(size);
    starts.set(this.#starts);
    ends.set(this.#ends);
    streams.set(this.#streams);
    this.#starts = starts;
    this.#ends = ends;
    this.#streams = streams;
  }
}

/** Payload bytes of the frame whose header stands at `at`. Throws where no frame can be. */
function frameLength(buffer: Buffer, at: number): number {
  const length = buffer.readUInt32BE(at + 4);
  const stream = buffer[at]!;
  if (stream > SYSTEM_ERROR || length > MAX_FRAME_BYTES) throw new FrameError(buffer, at);
  return length;
}

/** The engine found that it cannot read the log any further, for example because its file was damaged. */
export class EngineReport extends Error {
  constructor(payload: Buffer) {
    super(`the engine cannot read the log on: ${payload.toString("utf8").trim()}`);
  }
}

/** The stream is not made of frames with times: a TTY taken for none, or something between that changes it. */
export class FrameError extends Error {
  constructor(buffer: Buffer, at: number) {
    super(`no frame header at ${buffer.subarray(at, at + HEADER_BYTES).toString("hex")}`);
  }
}
