import { setTimeout as sleep } from "node:timers/promises";
import type { Position, StreamIndex } from "../position.js";

/** A message of a followed stream. */
export interface Held {
  readonly ts: string;
  readonly stream: StreamIndex;
  readonly raw: string;
  readonly ascii: boolean;
  /** Our clock when its bytes were read. */
  readonly arrivedMs: number;
}

/** What a stream brings that is not left out comes within so many looks after what came before it. */
const STREAM_LOOKS = 20;
const STREAM_LOOK_MS = 5;

/** So much of what the log has no more is taken at once. */
const PART_BYTES = 1_000_000;
/** When so much is held the stream waits, … */
const ENOUGH_BYTES = 8_000_000;
/** … unless it is to bring what the log has no more: then it may become so much. A stream that brings more is left for snapshots. */
const HELD_BYTES = 32_000_000;
const HELD_OVERHEAD_BYTES = 100;

/**
 * Holds the messages of a followed stream behind a doubtful place while a snapshot brings what the log has there; then
 * finds the end of the snapshot among them. So nothing is lost that either of the two has, and the stream need not be left.
 */
export class Splice {
  /** Messages that were shown to it. */
  offered = 0;
  #held: Held[] = [];
  /** Taken while the snapshot was read, from its place's anchor on. */
  #passed: Held[] = [];
  #bytes = 0;
  /** Behind the snapshot; undefined while it is being read. */
  #end: Position | undefined;
  #left = 0;
  /** More of the stream is needed, however much is held. */
  #needsMore = false;
  #room: { readonly made: Promise<void>; readonly make: () => void } | undefined;

  /**
   * Shows the next message of the stream. `held` and `known`: it is not to be taken; `joined`: nor is it, and what comes behind it is
   * new; `too-much`: it is held, and more cannot be; `behind`: it lies behind the end of the snapshot, which the stream has left out;
   * `misfit`: the stream is not that of the snapshot.
   */
  offer(message: Held): "held" | "known" | "joined" | "too-much" | "behind" | "misfit" {
    this.offered += 1;
    if (this.#end !== undefined) return this.#join(message, this.#end);
    this.#held.push(message);
    this.#bytes += message.raw.length + HELD_OVERHEAD_BYTES;
    return this.#bytes <= HELD_BYTES ? "held" : "too-much";
  }

  /** Enough is held; resolves when the stream may bring more. */
  get room(): Promise<void> | undefined {
    if (this.#bytes < ENOUGH_BYTES || this.#needsMore || this.#end !== undefined) return undefined;
    this.#room ??= promised();
    return this.#room.made;
  }

  /** Whatever is held, the stream goes on. */
  makeRoom(): void {
    this.#needsMore = true;
    this.#room?.make();
  }

  /** Messages that wait. */
  get waiting(): number {
    return this.#held.length;
  }

  /**
   * The snapshot does not reach back to the doubtful place: takes out what waits and is older than the first message that the log still
   * holds, and tells that one, where the stream has brought it too.
   */
  takeBefore({ ts, stream, raw }: Pick<Held, "ts" | "stream" | "raw">): {
    readonly older: readonly Held[];
    readonly next: Held | undefined;
  } {
    const first = this.#held.findIndex(
      (held) => held.ts === ts && held.stream === stream && held.raw === raw,
    );
    const end = first >= 0 ? first : this.#held.findIndex((held) => held.ts >= ts);
    const older = this.#held.splice(0, end < 0 ? this.#held.length : end);
    for (const held of older) this.#bytes -= held.raw.length + HELD_OVERHEAD_BYTES;
    return { older, next: first < 0 ? undefined : this.#held[0] };
  }

  /** These were taken, and the place behind them has this anchor. */
  pass(taken: readonly Held[], anchor: string): void {
    const passed = this.#passed.concat(taken);
    const from = passed.findIndex(({ ts }) => ts === anchor);
    this.#passed = from < 0 ? [] : passed.slice(from);
  }

  /**
   * The stream may have on its way what the log no longer holds. Resolves to true when a part of it waits, to false when it has come so far,
   * brings no more, is given up, or at a time.
   */
  async comesTo(ts: string, endMs: number, given: () => boolean): Promise<boolean> {
    this.makeRoom();
    const more = await this.#comes(ts, endMs, given);
    this.#needsMore = false;
    this.#room = undefined;
    return more;
  }

  async #comes(ts: string, endMs: number, given: () => boolean): Promise<boolean> {
    // Counted in looks, each of which lets in what has come: on a busy machine a time alone can pass without any.
    for (let idle = 0, { waiting } = this; idle < STREAM_LOOKS; idle += 1) {
      if (given() || (this.#held.at(-1)?.ts ?? "") >= ts || Date.now() > endMs) return false;
      if (this.#bytes >= PART_BYTES) return true;
      await sleep(STREAM_LOOK_MS);
      if (this.waiting > waiting) idle = -1;
      waiting = this.waiting;
    }
    return false;
  }

  /** The snapshot has ended at that place. Returns what waits, to be offered again. */
  endAt(place: Position): Held[] {
    this.makeRoom();
    this.#end = place;
    this.#left = place.taken;
    const held = this.#passed.concat(this.#held);
    this.#held = [];
    this.#passed = [];
    return held;
  }

  #join(
    { ts, stream, raw }: Held,
    { anchor, taken, last }: Position,
  ): "known" | "joined" | "behind" | "misfit" {
    if (this.#left === taken && ts !== anchor) return ts > anchor ? "behind" : "known";
    this.#left -= 1;
    if (this.#left > 0) return "known";
    return ts === last[0] && stream === last[1] && raw.length === last[2] ? "joined" : "misfit";
  }
}

function promised(): { readonly made: Promise<void>; readonly make: () => void } {
  let make: () => void = () => undefined;
  const made = new Promise<void>((resolve) => {
    make = resolve;
  });
  return { made, make };
}
