import { PIECE_BYTES } from "../messages.js";
import type { StreamIndex } from "../position.js";
import { engineMs } from "./engine-times.js";
import { PrintRate } from "./print-rate.js";
import type { Sight } from "./sight.js";

/** No engine has been seen to write log files faster than this: in a shorter time no file can be passed over. */
const WRITE_BYTES_PER_MS = 500_000;

/** Messages that come so late have waited for something. */
const LATE_MS = 1_000;

/** Two streams are never out of order by so much. */
const SET_BACK_MS = 1_000;

/** Bytes of a message in the engine's file beside its text: `{"log":"…\n","stream":"stdout","time":"…"}` has about so many. */
const ENTRY_BYTES = 75;

/** What a container prints in a pause is known only so well: so much of a file may be all of it. */
const POSSIBLE_SHARE = 0.5;
/** … and when it goes on as it did for half a file, so much. */
const LIKELY_SHARE = 0.75;

/** More than engines send again at a rotation at most rates. Each time keeps the text of its read alive, so not many more. */
const REMEMBERED = 2048;

interface FollowWatchOptions {
  /** Size at which the engine begins a new file. */
  readonly rotateBytes: number;
  /** The engine's times and ours come from one clock. */
  readonly sameClock: boolean;
  /** Our clock when following was asked for: what was printed before comes from a snapshot, in which nothing is missing. */
  readonly startedMs: number;
}

/**
 * Watches the messages of a followed stream for what engines do at log rotation.
 *
 * Up to 20.10 they read the beginning of a new file several times: a message that comes again is known, and those
 * behind it follow in the order in which they came. A follower that is a file behind is moved to the newest one,
 * without a word (20.10 and 26 alike). Whatever made it late, all of the file that was passed over was written between
 * two messages that come one after the other: so a pause in which the container, at the rate at which it prints, cannot have filled
 * half a file, proves that nothing was passed over. Any other pause is looked into.
 */
export class FollowWatch {
  readonly #options: FollowWatchOptions;
  /** Shortest time in which a file can fill, whoever prints. */
  readonly #leastMs: number;
  /** How fast it has printed just now, and over half a file. */
  readonly #burst: PrintRate;
  readonly #steady: PrintRate;
  /** Engine clock minus ours cannot be known; the smallest lag seen stands for zero where clocks differ. */
  #smallestLagMs = Number.POSITIVE_INFINITY;
  #highest = "";
  #previousMs = 0;
  #previousLate = false;
  /** Ring of the messages taken last: time, stream and length tell a repeated one. */
  readonly #times: string[] = new Array<string>(REMEMBERED).fill("");
  readonly #shapes = new Int32Array(REMEMBERED);
  /** The last full piece of each stream. */
  readonly #pieces: [string, string] = ["", ""];
  #next = 0;
  /** Where in the ring the message stands that comes next while the engine sends messages again; -1 when it does not. */
  #again = -1;
  #sinceProbe = 0;

  constructor(options: FollowWatchOptions) {
    this.#options = options;
    const { rotateBytes } = options;
    this.#leastMs = rotateBytes / WRITE_BYTES_PER_MS;
    this.#burst = new PrintRate(Math.min(16_384, rotateBytes / 16));
    this.#steady = new PrintRate(rotateBytes / 2);
  }

  /** Looks at a message before it is taken. `arrivedMs` is our clock when its bytes were read. Show it to `note` when it is taken. */
  see(ts: string, stream: StreamIndex, raw: string, arrivedMs: number): Sight {
    if (this.#again >= 0 && this.#comesAgain(ts, shapeOf(stream, raw))) return "known";
    if (ts <= this.#highest) return this.#backward(ts, stream, raw);
    const ms = engineMs(ts);
    const lag = arrivedMs - ms;
    if (lag < this.#smallestLagMs) this.#smallestLagMs = lag;
    const wasLate = this.#previousLate;
    this.#previousLate = lag - this.#zero > LATE_MS;
    if (this.#again >= 0) {
      // It was sending again what it had sent, and left out the rest of that.
      this.#again = -1;
      return "gap-likely";
    }
    return this.#forward(ms, wasLate);
  }

  /** A message that was taken, or was taken before. */
  note(ts: string, stream: StreamIndex, raw: string): void {
    const bytes = raw.length;
    if (bytes >= PIECE_BYTES) this.#pieces[stream] = raw;
    if (ts < this.#highest && this.#previousMs - engineMs(ts) > SET_BACK_MS) this.#forget();
    if (ts > this.#highest) {
      this.#highest = ts;
      this.#previousMs = engineMs(ts);
    }
    this.#times[this.#next] = ts;
    this.#shapes[this.#next] = shapeOf(stream, raw);
    this.#next = (this.#next + 1) % REMEMBERED;
    const entryBytes = bytes + ENTRY_BYTES;
    this.#sinceProbe += entryBytes;
    this.#burst.add(this.#previousMs, entryBytes);
    this.#steady.add(this.#previousMs, entryBytes);
  }

  /**
   * What stood before a message of that time is lost. It printed there as fast as before: if the time counted without the lines, it would
   * seem slow, and the next file that is passed over would look like a pause.
   */
  passedOver(ts: string): void {
    const pauseMs = engineMs(ts) - this.#previousMs;
    if (this.#previousMs === 0 || pauseMs <= 0) return;
    for (const rate of [this.#burst, this.#steady])
      rate.add(this.#previousMs, rate.perMs(this.#previousMs) * pauseMs);
  }

  /** In how many milliseconds the container fills a file, as it has printed of late. */
  get fillMs(): number {
    return this.#options.rotateBytes / this.#steady.perMs(this.#previousMs);
  }

  /** The log may have been rotated since it was last asked whether the stream is alive: engines can go on with the old file for ever. */
  get mayHang(): boolean {
    return this.#sinceProbe >= this.#options.rotateBytes / 2;
  }

  probed(): void {
    this.#sinceProbe = 0;
  }

  /** How many messages were seen within so many milliseconds before the newest. */
  recent(withinMs: number): number {
    for (let back = 1; back <= REMEMBERED; back += 1) {
      const time = this.#times[(this.#next - back + REMEMBERED) % REMEMBERED]!;
      if (time === "" || this.#previousMs - engineMs(time) > withinMs) return back - 1;
    }
    return REMEMBERED;
  }

  /** Messages a millisecond, over those that are remembered. */
  get messagesPerMs(): number {
    const oldest = this.#times[this.#next]! || this.#times[0]!;
    const count = this.#times[this.#next] === "" ? this.#next : REMEMBERED;
    return oldest === "" ? 0 : count / Math.max(1, this.#previousMs - engineMs(oldest));
  }

  /** How many messages it can have printed since the newest up to a time, if it went on as before; … */
  expectedUntil(ts: string): number {
    return this.#expected(engineMs(ts));
  }

  /** … up to a moment of our clock. */
  expectedBy(ourMs: number): number {
    return this.#expected(ourMs - (Number.isFinite(this.#zero) ? this.#zero : 0));
  }

  #expected(untilMs: number): number {
    return Math.ceil(Math.max(0, untilMs - this.#previousMs) * this.messagesPerMs);
  }

  #forward(ms: number, wasLate: boolean): Sight {
    const pauseMs = ms - this.#previousMs;
    const { rotateBytes, sameClock, startedMs } = this.#options;
    if (this.#previousMs === 0 || pauseMs <= this.#leastMs) return "new";
    if (sameClock && ms < startedMs) return "new";
    if (this.#steady.perMs(this.#previousMs) * pauseMs >= rotateBytes * LIKELY_SHARE) return "gap-likely";
    const burst = this.#burst.perMs(this.#previousMs);
    const burstBytes = burst * pauseMs;
    return wasLate || burstBytes >= rotateBytes * POSSIBLE_SHARE ? "gap-possible" : "new";
  }

  #backward(ts: string, stream: StreamIndex, raw: string): Sight {
    const shape = shapeOf(stream, raw);
    // The pieces of a long line share their time, whatever the other stream has brought between; nothing else does on one stream.
    if (this.#isNextPiece(ts, stream)) return raw === this.#pieces[stream] ? "alike" : "new";
    let oldest = this.#highest;
    for (let back = 1; back <= REMEMBERED; back += 1) {
      const index = (this.#next - back + REMEMBERED) % REMEMBERED;
      const time = this.#times[index]!;
      if (time === "") break;
      if (time === ts && this.#shapes[index] === shape) {
        if (ts === this.#highest) return "alike";
        this.#expectAfter(this.#firstPiece(index));
        return "known";
      }
      if (time < oldest) oldest = time;
    }
    // Two streams are stamped before they are put in order: a little earlier than the newest is nothing unusual.
    return ts < oldest ? "time-went-back" : "new";
  }

  /** The engine's clock was set back: times before that say nothing of those behind it. */
  #forget(): void {
    this.#times.fill("");
    this.#next = 0;
    this.#again = -1;
    this.#highest = "";
  }

  #comesAgain(ts: string, shape: number): boolean {
    if (this.#times[this.#again] !== ts || this.#shapes[this.#again] !== shape) return false;
    this.#expectAfter(this.#again);
    return true;
  }

  #expectAfter(index: number): void {
    const next = (index + 1) % REMEMBERED;
    this.#again = next === this.#next ? -1 : next;
  }

  /** Of pieces that look the same, the first: what is sent again begins with a whole line. */
  #firstPiece(index: number): number {
    let first = index;
    for (let back = 1; back < REMEMBERED; back += 1) {
      const before = (first - 1 + REMEMBERED) % REMEMBERED;
      if (this.#times[before] !== this.#times[index] || this.#shapes[before] !== this.#shapes[index]) break;
      first = before;
    }
    return first;
  }

  /** The message before it on the same stream was a full piece with this time. What the other stream brought between may be a little earlier. */
  #isNextPiece(ts: string, stream: number): boolean {
    for (let back = 1; back <= REMEMBERED; back += 1) {
      const index = (this.#next - back + REMEMBERED) % REMEMBERED;
      const shape = this.#shapes[index]!;
      if (this.#times[index] === "") return false;
      if ((shape & 1) === stream) return this.#times[index] === ts && shape >> 1 >= PIECE_BYTES;
    }
    return false;
  }

  get #zero(): number {
    return this.#options.sameClock ? Math.min(0, this.#smallestLagMs) : this.#smallestLagMs;
  }
}

function shapeOf(stream: StreamIndex, raw: string): number {
  return raw.length * 2 + stream;
}
