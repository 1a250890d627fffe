import { nsToTime, timeToNs } from "../core/time.js";
import { type AheadEnd, type Position, type StreamIndex, startPosition } from "./position.js";

/** Messages of two streams stand out of order by less than this. */
export const OUT_OF_ORDER_NS = 10_000_000n;

/** What a reading that goes on at a position still has to leave out of each stream, as it was taken already. */
export class Skipping {
  /** Messages that are still to come, [stdout, stderr]; where some of them are gone, at most. */
  readonly counts: [number, number];
  readonly #ends: readonly [AheadEnd | null, AheadEnd | null];
  #partly = false;
  /** Messages with the time of the last one that have come. */
  readonly #atEnd: [number, number] = [0, 0];
  /** What is earlier does not stand behind the place, unless the clock was set back: then it is new. */
  readonly #earliest: string;

  constructor({ ahead, aheadTo, last: [lastTs], begins = "" }: Position) {
    this.counts = [...ahead];
    const placeTs = lastTs || begins;
    this.#earliest = placeTs === "" ? "" : nsToTime(timeToNs(placeTs) - OUT_OF_ORDER_NS);
    this.#ends = aheadTo ?? [null, null];
    if (this.#ends.some((end) => end?.partly === true)) this.someAreGone();
  }

  get none(): boolean {
    return this.counts[0] === 0 && this.counts[1] === 0;
  }

  /** Rotation has removed the place, and nobody knows how many of the messages behind it: those that are left are known by their times. */
  someAreGone(): void {
    this.#partly = true;
    for (const stream of [0, 1] as const) if (this.#ends[stream] === null) this.counts[stream] = 0;
  }

  /** The whole log has come: what is still counted is gone. Returns whether anything was. */
  allCame(): boolean {
    if (!this.#partly || this.none) return false;
    this.counts.fill(0);
    return true;
  }

  /** Whether a message that comes behind the place is to be left out. */
  leavesOut(ts: string, stream: StreamIndex): boolean {
    if (this.counts[stream] === 0) return false;
    if (this.#partly && this.#isBehind(ts, stream, this.#ends[stream]!)) {
      this.counts[stream] = 0;
      return false;
    }
    this.counts[stream] -= 1;
    return true;
  }

  /** The last of the messages that are still to come. */
  end(stream: StreamIndex): AheadEnd | null {
    const end = this.#ends[stream];
    return this.#partly && end !== null ? { ...end, partly: true } : end;
  }

  #isBehind(ts: string, stream: StreamIndex, end: AheadEnd): boolean {
    if (ts !== end.ts) return ts > end.ts || ts < this.#earliest;
    this.#atEnd[stream] += 1;
    return this.#atEnd[stream] > end.count;
  }
}

/** Of a reading that begins where there is nothing to leave out. */
export function skipNothing(): Skipping {
  return new Skipping(startPosition(""));
}
