/** Waits for room in the store, but no longer than until the sidecar is told to stop: what was read by then fits in memory. */
export class Patience {
  readonly #room: () => Promise<void>;
  #isOver = false;
  #release: (() => void) | undefined;

  constructor(room: () => Promise<void>) {
    this.#room = room;
  }

  /** Until there is room. One caller at a time, of this and `until`. */
  wait(): Promise<void> {
    return this.#isOver ? Promise.resolve() : this.until(this.#room());
  }

  /** Until something else that takes room is done. */
  until(done: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#release = resolve;
      done.then(resolve, reject);
      if (this.#isOver) resolve();
    });
  }

  end(): void {
    this.#isOver = true;
    this.#release?.();
  }
}
