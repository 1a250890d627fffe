/** Calls many again and again by one timer: that of each reader wakes the process at its own moment, a hundred times a second beside 50 quiet containers. */
export class Ticks {
  readonly #everyMs: number;
  readonly #calls = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  /** Calls from now on, until what is returned is called; `call` must not throw. */
  begin(call: () => void): () => void {
    this.#calls.add(call);
    this.#timer ??= setInterval(() => {
      for (const one of this.#calls) one();
    }, this.#everyMs);
    return () => {
      this.#calls.delete(call);
      if (this.#calls.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }
}
