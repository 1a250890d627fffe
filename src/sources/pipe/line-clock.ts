import { nsToTime, risingNowNs } from "../../core/time.js";

const SECOND_NS = 1_000_000_000;

/**
 * Gives each line a time of its own in the engine's form. Lines that were read together are one nanosecond apart,
 * so that their order is kept; the clock is looked at once for each chunk.
 */
export class LineClock {
  readonly #nowNs: () => bigint;
  #second = "";
  #fraction = 0;

  /** `nowNs`: nanoseconds since 1970. */
  constructor(nowNs: () => bigint = risingNowNs) {
    this.#nowNs = nowNs;
  }

  /** A chunk has arrived. Never goes back, whatever the system's clock does. */
  tick(): void {
    const now = nsToTime(this.#nowNs());
    const second = now.slice(0, 20);
    const fraction = Number(now.slice(20, 29));
    if (second > this.#second) {
      this.#second = second;
      this.#fraction = fraction;
    } else if (second === this.#second && fraction > this.#fraction) this.#fraction = fraction;
  }

  /** Whether the next so many times are all of one second. */
  isWithinSecond(count: number): boolean {
    return this.#fraction + count < SECOND_NS;
  }

  /** So many further times were given by somebody else, as `next` would. */
  pass(count: number): void {
    this.#fraction += count;
  }

  next(): string {
    this.#fraction += 1;
    if (this.#fraction >= SECOND_NS) this.#nextSecond();
    return `${this.#second}${String(SECOND_NS + this.#fraction).substring(1)}Z`;
  }

  #nextSecond(): void {
    this.#fraction = 0;
    this.#second = `${new Date(Date.parse(`${this.#second.slice(0, 19)}Z`) + 1000).toISOString().slice(0, 19)}.`;
  }
}
