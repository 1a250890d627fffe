/** Marks within one window: the window that is measured is that much longer at most. */
const MARKS = 8;

/** Times nearer to each other than this say nothing of a rate. */
const LEAST_MS = 0.05;

/** How fast a container prints, by the engine's times: over the last so many bytes before a moment. */
export class PrintRate {
  readonly #stepBytes: number;
  /** Ring of moments, each a step of bytes behind the one before: when, in milliseconds, and how many bytes had come. */
  readonly #ms = new Float64Array(MARKS + 1);
  readonly #bytes = new Float64Array(MARKS + 1);
  #marks = 0;
  #total = 0;

  constructor(windowBytes: number) {
    this.#stepBytes = windowBytes / MARKS;
  }

  add(ms: number, bytes: number): void {
    const last = (this.#marks - 1) % (MARKS + 1);
    if (this.#marks === 0 || this.#total - this.#bytes[last]! >= this.#stepBytes) {
      const at = this.#marks % (MARKS + 1);
      this.#ms[at] = ms;
      this.#bytes[at] = this.#total;
      this.#marks += 1;
    }
    this.#total += bytes;
  }

  /** Bytes a millisecond up to this moment; 0 before a whole window has come. */
  perMs(ms: number): number {
    if (this.#marks <= MARKS) return 0;
    const oldest = this.#marks % (MARKS + 1);
    return (this.#total - this.#bytes[oldest]!) / Math.max(LEAST_MS, ms - this.#ms[oldest]!);
  }
}
