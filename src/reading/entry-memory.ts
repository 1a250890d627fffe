interface Remembered {
  /** The file, known by its identity alone. */
  readonly of: object;
  readonly at: number;
  readonly key: string;
}

/** Entries handed on of all files, the oldest forgotten first: what a crash takes back was written shortly before it. */
export class EntryMemory {
  readonly #limit: number;
  #entries: Remembered[] = [];

  constructor(limit = 200_000) {
    this.#limit = limit;
  }

  add(entry: Remembered): void {
    this.#entries.push(entry);
    // Half at once, so that dropping costs nothing for a single entry.
    if (this.#entries.length > this.#limit * 2) this.#entries = this.#entries.slice(-this.#limit);
  }

  /** Takes away what stood in the file behind the place, and gives the keys. */
  forget(of: object, from: number): string[] {
    const isCut = (entry: Remembered) => entry.of === of && entry.at >= from;
    const keys = this.#entries.filter(isCut).map(({ key }) => key);
    this.#entries = this.#entries.filter((entry) => !isCut(entry));
    return keys;
  }

  /** The first place in the file that is remembered. */
  oldest(of: object): number | undefined {
    return this.#entries.find((entry) => entry.of === of)?.at;
  }
}
