import { PIECE_BYTES } from "../messages.js";
import type { StreamIndex } from "../position.js";

/** Why following a container cannot be trusted any longer, as it stands in logs and metrics. */
export type Doubt = "sent-twice" | "time-went-back" | "fell-behind" | "silent" | "stream-ended";

/** No engine has been seen to write log files faster than this; a file that was skipped took at least its size over this. */
const WRITE_BYTES_PER_MS = 500_000;

/** With this much lag a follower of a rotating log is at risk: snapshots are not. */
const BEHIND_MS = 1_000;

const REMEMBERED = 2048;

/**
 * Watches the messages of a followed stream for signs of what engines do at log rotation: they send messages a
 * second time, and a follower that is a whole file behind is moved to the newest file without a word.
 *
 * A skipped file leaves two marks: the message before it arrived late (the file was written in the meantime),
 * and the message after it is later by at least the time that writing the file took.
 */
export class FollowWatch {
  /** Shortest time in which a file can fill: lags and jumps below it are harmless. */
  readonly #fillMs: number;
  /** Engine clock minus ours cannot be known; the smallest lag seen stands for zero where clocks differ. */
  readonly #sameClock: boolean;
  #smallestLagMs = Number.POSITIVE_INFINITY;
  #highest = "";
  #previousMs = 0;
  #previousArrivedMs = 0;
  /** Ring of the messages taken last: time, stream and length tell a repeated one. */
  readonly #times: string[] = new Array<string>(REMEMBERED).fill("");
  readonly #shapes = new Int32Array(REMEMBERED);
  #next = 0;
  #sinceStart = 0;

  constructor(options: { readonly rotateBytes: number; readonly sameClock: boolean }) {
    this.#fillMs = options.rotateBytes / WRITE_BYTES_PER_MS;
    this.#sameClock = options.sameClock;
  }

  /**
   * Shows a message before it is taken. A doubt means: do not take it, and read a snapshot.
   * `arrivedMs` is our clock when its bytes were read.
   */
  see(ts: string, stream: StreamIndex, raw: string, arrivedMs: number): Doubt | undefined {
    const shape = raw.length * 2 + stream;
    const doubt = ts > this.#highest ? this.#forward(ts, arrivedMs) : this.#backward(ts, shape);
    if (doubt !== undefined) return doubt;
    if (ts > this.#highest) this.#highest = ts;
    this.#times[this.#next] = ts;
    this.#shapes[this.#next] = shape;
    this.#next = (this.#next + 1) % REMEMBERED;
    this.#sinceStart += 1;
    return undefined;
  }

  /** Whether the last message arrived so late that more may have been passed over behind it. */
  get late(): boolean {
    return this.#sinceStart > 0 && this.#lag(this.#previousMs, this.#previousArrivedMs) > this.#fillMs;
  }

  #forward(ts: string, arrivedMs: number): Doubt | undefined {
    const ms = engineMs(ts);
    const previousLag = this.#lag(this.#previousMs, this.#previousArrivedMs);
    const jump = ms - this.#previousMs;
    const lag = arrivedMs - ms;
    if (lag < this.#smallestLagMs) this.#smallestLagMs = lag;
    if (this.#sinceStart > 0 && previousLag > this.#fillMs && jump > this.#fillMs) return "fell-behind";
    this.#previousMs = ms;
    this.#previousArrivedMs = arrivedMs;
    return this.#sinceStart > 0 && this.#lag(ms, arrivedMs) > BEHIND_MS ? "fell-behind" : undefined;
  }

  #backward(ts: string, shape: number): Doubt | undefined {
    // The pieces of a long line share their time; nothing else does on one stream.
    if (ts === this.#highest && this.#isNextPiece(ts, shape & 1)) return undefined;
    let oldest = this.#highest;
    for (let index = 0; index < REMEMBERED; index += 1) {
      const time = this.#times[index]!;
      if (time === "") continue;
      if (time === ts && this.#shapes[index] === shape) return "sent-twice";
      if (time < oldest) oldest = time;
    }
    // Two streams are stamped before they are put in order: a little earlier than the newest is nothing unusual.
    return ts < oldest ? "time-went-back" : undefined;
  }

  /** The message before it on the same stream was a full piece with this time. */
  #isNextPiece(ts: string, stream: number): boolean {
    for (let back = 1; back <= REMEMBERED; back += 1) {
      const index = (this.#next - back + REMEMBERED) % REMEMBERED;
      const shape = this.#shapes[index]!;
      if (this.#times[index] === "" || this.#times[index]! < ts) return false;
      if ((shape & 1) === stream) return this.#times[index] === ts && shape >> 1 >= PIECE_BYTES;
    }
    return false;
  }

  #lag(ms: number, arrivedMs: number): number {
    const zero = this.#sameClock ? Math.min(0, this.#smallestLagMs) : this.#smallestLagMs;
    return arrivedMs - ms - zero;
  }
}

let secondText = "";
let secondMs = 0;

/** Milliseconds since 1970 with their fraction, of an engine time. Most lines share the second of the one before. */
function engineMs(ts: string): number {
  const second = ts.substring(0, 19);
  if (second !== secondText) {
    secondText = second;
    secondMs = Date.parse(`${second}Z`);
  }
  return secondMs + Number(ts.substring(20, 29)) / 1e6;
}
