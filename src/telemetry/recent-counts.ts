const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;
const DAY_HOURS = 24;

/** How many there were lately, and when the last was, in milliseconds since 1970. */
export interface Recent {
  readonly hour: number;
  readonly day: number;
  readonly lastMs: number;
}

/** Counts of the last 60 minutes and the last 24 hours, the present ones among them. Forgets the rest. */
export class RecentCounts {
  readonly #minutes = new Ring(HOUR_MINUTES);
  readonly #hours = new Ring(DAY_HOURS);
  #lastMs = 0;

  add(count: number, atMs: number): void {
    const minute = Math.floor(atMs / MINUTE_MS);
    this.#minutes.add(minute, count);
    this.#hours.add(Math.floor(minute / HOUR_MINUTES), count);
    this.#lastMs = Math.max(this.#lastMs, atMs);
  }

  read(nowMs: number): Recent {
    const minute = Math.floor(nowMs / MINUTE_MS);
    const day = this.#hours.sum(Math.floor(minute / HOUR_MINUTES));
    return { hour: this.#minutes.sum(minute), day, lastMs: this.#lastMs };
  }
}

/** So many counts, each of one turn (a minute, an hour); the place of one that is over is taken by a later one. */
class Ring {
  readonly #counts: Float64Array;
  readonly #turns: Float64Array;

  constructor(size: number) {
    this.#counts = new Float64Array(size);
    this.#turns = new Float64Array(size);
  }

  add(turn: number, count: number): void {
    const place = turn % this.#counts.length;
    if (this.#turns[place] !== turn) this.#counts[place] = 0;
    this.#turns[place] = turn;
    this.#counts[place]! += count;
  }

  /** Of the last turns up to this one. */
  sum(turn: number): number {
    let sum = 0;
    for (const [place, count] of this.#counts.entries())
      if (this.#turns[place]! > turn - this.#counts.length) sum += count;
    return sum;
  }
}
