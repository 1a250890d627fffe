/** So much may wait before readers are slowed: fresh memory for more costs more than waiting for the disk. */
const EASE_BYTES = 16 * 1024 * 1024;
/**
 * Above that, each batch of a source waits so long at most. It still brings 12 MB/s (64 KB each time), more than an app prints for long:
 * while a disk stalls nobody falls behind who would not anyhow, and a backlog comes no faster than the disk takes it.
 */
const EASE_MS = 5;

interface WaitingOptions {
  /** So many bytes may wait in memory … */
  readonly limitBytes: number;
  /** … and so many may be uncommitted, written or not: on a small disk they must not be what fills it. */
  readonly uncommittedBytes: number;
  /** Whether there is no room whatever the counts are (the disk is full). */
  readonly isBlocked: () => boolean;
  /** Too much is uncommitted: asks for a commit, once until the next one is done. */
  readonly onUncommitted: () => void;
}

/** Counts the bytes that wait in memory, and those behind the last commit, and lets those wait that would bring more. */
export class Waiting {
  readonly #options: WaitingOptions;
  readonly #easeBytes: number;
  #bytes = 0;
  /** Of all times: what was durable in its file. */
  #settledBytes = 0;
  #committedBytes = 0;
  #hasAsked = false;
  #waiters: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(options: WaitingOptions) {
    this.#options = options;
    this.#easeBytes = Math.min(EASE_BYTES, options.limitBytes);
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
    return this.#bytes * 2 > this.#options.limitBytes;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
    if (bytes < 0 && this.#waiters.length > 0) this.look();
  }

  /** So many bytes wait no more: they are durable in their file. */
  settle(bytes: number): void {
    this.#settledBytes += bytes;
    this.add(-bytes);
  }

  /** All that came so far, for a commit that captures now. */
  get allBytes(): number {
    return this.#settledBytes + this.#bytes;
  }

  /** All that had come when `allBytes` was asked is committed. */
  committed(allBytes: number): void {
    this.#committedBytes = allBytes;
    this.#hasAsked = false;
    this.look();
  }

  /** Resolves when more may come. */
  room(): Promise<void> {
    if (this.hasRoom) return ROOM;
    this.#askForCommit();
    return new Promise((resolve) => {
      this.#waiters.push(resolve);
      this.#arm();
    });
  }

  /** Lets those go on for whom there is room now. */
  look(): void {
    if (this.hasRoom) {
      this.#release();
      return;
    }
    if (this.#waiters.length > 0) this.#askForCommit();
    this.#arm();
  }

  /** Whether nobody has to wait, not even a little. */
  get hasRoom(): boolean {
    return this.#bytes <= this.#easeBytes && this.#isWithinLimit;
  }

  get #isWithinLimit(): boolean {
    const { limitBytes, isBlocked } = this.#options;
    return this.#bytes <= limitBytes && !this.#isUncommitted && !isBlocked();
  }

  get #isUncommitted(): boolean {
    return this.allBytes - this.#committedBytes > this.#options.uncommittedBytes;
  }

  #askForCommit(): void {
    if (this.#hasAsked || !this.#isUncommitted) return;
    this.#hasAsked = true;
    this.#options.onUncommitted();
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
