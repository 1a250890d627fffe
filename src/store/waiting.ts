/** So much may wait before readers are slowed: fresh memory for more costs more than waiting for the disk. */
const EASE_BYTES = 16 * 1024 * 1024;
/**
 * Above that, each batch of a source waits so long at most. It still brings 12 MB/s (64 KB each time), more than an app prints for long:
 * while a disk stalls nobody falls behind who would not anyhow, and a backlog comes no faster than the disk takes it.
 */
const EASE_MS = 5;

/** Counts the bytes that wait in memory and lets those wait that would bring more. */
export class Waiting {
  readonly #limitBytes: number;
  readonly #easeBytes: number;
  readonly #isBlocked: () => boolean;
  #bytes = 0;
  #waiters: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** `isBlocked` says whether there is no room whatever the count is (the disk is full). */
  constructor(limitBytes: number, isBlocked: () => boolean) {
    this.#limitBytes = limitBytes;
    this.#easeBytes = Math.min(EASE_BYTES, limitBytes);
    this.#isBlocked = isBlocked;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** What could come free by a sync had better do so. */
  get isBusy(): boolean {
    return this.#bytes * 2 > this.#easeBytes;
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
    return new Promise((resolve) => {
      this.#waiters.push(resolve);
      this.#arm();
    });
  }

  /** Lets those go on for whom there is room now. */
  look(): void {
    if (this.hasRoom) this.#release();
    else this.#arm();
  }

  /** Whether nobody has to wait, not even a little. */
  get hasRoom(): boolean {
    return this.#bytes <= this.#easeBytes && !this.#isBlocked();
  }

  get #isWithinLimit(): boolean {
    return this.#bytes <= this.#limitBytes && !this.#isBlocked();
  }

  #arm(): void {
    if (this.#timer !== undefined || this.#waiters.length === 0 || !this.#isWithinLimit) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#isWithinLimit) this.#release();
    }, EASE_MS);
  }

  #release(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
  }
}

/** One promise for the case that nearly always holds. */
const ROOM = Promise.resolve();
