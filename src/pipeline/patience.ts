/** Waits for room in the store, but no longer than until the sidecar is told to stop: what was read by then fits in memory. */
export class Patience {
  readonly #room: () => Promise<void>;
  #isOver = false;
  #release: (() => void) | undefined;

  constructor(room: () => Promise<void>) {
    this.#room = room;
  }

  /** One caller at a time. */
  wait(): Promise<void> {
    if (this.#isOver) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#release = resolve;
      this.#room().then(resolve, reject);
    });
  }

  end(): void {
    this.#isOver = true;
    this.#release?.();
  }
}
