import { nsToTime, risingNowNs } from "../../core/time.js";

const SECOND_NS = 1_000_000_000;

/**
 * Gives each line a time of its own in the engine's form. Lines that were read together are one nanosecond apart,
 * so that their order is kept; the clock is looked at once for each chunk.
 */
export class LineClock {
  #second = "";
  #fraction = 0;

  /** A chunk has arrived. Never goes back, whatever the system's clock does. */
  tick(): void {
    const now = nsToTime(risingNowNs());
    const second = now.slice(0, 20);
    const fraction = Number(now.slice(20, 29));
    if (second > this.#second) {
      this.#second = second;
      this.#fraction = fraction;
    } else if (second === this.#second && fraction > this.#fraction) this.#fraction = fraction;
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
