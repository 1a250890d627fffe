/** Holds usual heads. */
export interface Holder {
  forget(): void;
}

/** Some 500 bytes each. */
const MOST_HEADS = 4_096;

/**
 * Room for the usual heads of all containers together. Where there are more containers than it has room for, all of them begin
 * again when it is full: those that print much soon have theirs back.
 */
export class HeadRoom {
  readonly #holders = new Set<Holder>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** One more head is kept by `holder`. */
  take(holder: Holder): void {
    if (this.#count === MOST_HEADS) {
      for (const each of this.#holders) each.forget();
      this.#holders.clear();
      this.#count = 0;
    }
    this.#holders.add(holder);
    this.#count += 1;
  }
}
