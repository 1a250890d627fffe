/** Counts the bytes that wait in memory and lets those wait that would bring more. */
export class Waiting {
  readonly #limitBytes: number;
  readonly #isBlocked: () => boolean;
  #bytes = 0;
  #waiters: (() => void)[] = [];

  /** `isBlocked` says whether there is no room whatever the count is (the disk is full). */
  constructor(limitBytes: number, isBlocked: () => boolean) {
    this.#limitBytes = limitBytes;
    this.#isBlocked = isBlocked;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** More than half of the limit waits. */
  get isCrowded(): boolean {
    return this.#bytes * 2 > this.#limitBytes;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
    if (bytes < 0 && this.#waiters.length > 0) this.look();
  }

  /** Resolves when more may come. */
  room(): Promise<void> {
    if (this.hasRoom) return ROOM;
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  /** Lets those go on for whom there is room now. */
  look(): void {
    if (!this.hasRoom) return;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
  }

  get hasRoom(): boolean {
    return this.#bytes <= this.#limitBytes && !this.#isBlocked();
  }
}

/** One promise for the case that nearly always holds. */
const ROOM = Promise.resolve();
