/** What a sink has asked one reading to wait for. */
export class SinkWaits {
  #waits = 0;
  #free: (() => void) | undefined;
  #released = false;

  /** The sink has no room. */
  get blocked(): boolean {
    return this.#waits > 0;
  }

  /** Gives it back. */
  add(wait: Promise<void> | undefined): Promise<void> | undefined {
    if (wait === undefined) return undefined;
    this.#waits += 1;
    const settled = () => {
      this.#waits -= 1;
      if (this.#waits === 0) this.#free?.();
    };
    // A failure is told by whoever asked for the delivery.
    wait.then(settled, settled);
    return wait;
  }

  /** Nobody will wait any more. */
  release(): void {
    this.#released = true;
    this.#free?.();
  }

  /** Resolves when the sink has room, or after `release`. */
  async over(): Promise<void> {
    if (this.#waits === 0 || this.#released) return;
    await new Promise<void>((resolve) => {
      this.#free = resolve;
    });
  }
}
