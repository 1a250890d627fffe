import type { StorageReport } from "./storage.js";

const FRESH_MS = 60_000;
/** Looking at very many files takes time: no more than a two-hundredth of a core. */
const PAUSE_TIMES = 200;

/** Knows what is on the volume for those who ask often and must not wait. */
export class StorageWatch {
  readonly #ask: () => Promise<StorageReport>;
  #last: StorageReport | undefined;
  #staleMs = 0;
  #asking: Promise<void> | undefined;

  constructor(ask: () => Promise<StorageReport>) {
    this.#ask = ask;
  }

  /** What was found last; undefined before the first time. When that is old, it is looked again for the next call. */
  last(nowMs = performance.now()): StorageReport | undefined {
    if (nowMs >= this.#staleMs) this.#asking ??= this.#look();
    return this.#last;
  }

  /** Resolves when what is being looked at is known. */
  async settled(): Promise<void> {
    await this.#asking;
  }

  async #look(): Promise<void> {
    const beganMs = performance.now();
    try {
      this.#last = await this.#ask();
    } catch {
      // Whoever runs retention is told of folders that cannot be read; here the last figures go on to stand.
    } finally {
      const tookMs = performance.now() - beganMs;
      this.#staleMs = performance.now() + Math.max(FRESH_MS, tookMs * PAUSE_TIMES);
      this.#asking = undefined;
    }
  }
}
