const FIRST_MS = 100;
const MAX_MS = 5_000;

/** Waiting times that double from 0.1 s to 5 s, or to less, each with jitter, so that many readers don't come back at once. */
export class Backoff {
  readonly #mostMs: number;
  #nextMs = FIRST_MS;

  constructor(mostMs = MAX_MS) {
    this.#mostMs = mostMs;
  }

  next(): number {
    const ms = this.#nextMs * (0.5 + Math.random() / 2);
    this.#nextMs = Math.min(this.#mostMs, this.#nextMs * 2);
    return ms;
  }

  reset(): void {
    this.#nextMs = FIRST_MS;
  }
}
