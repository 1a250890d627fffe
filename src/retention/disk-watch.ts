import { type DiskSpace, readDiskSpace } from "./disk-space.js";

/** Asking starts `df`, and starting a program under load copies memory that is written to at that moment: not more often. */
const FRESH_MS = 30_000;

/** Knows the disk of a folder for all who want to know: one question serves them. */
export class DiskWatch {
  readonly #ask: () => Promise<DiskSpace>;
  #last: DiskSpace | undefined;
  #askedMs = Number.NEGATIVE_INFINITY;
  #asking: Promise<DiskSpace> | undefined;

  constructor(folder: string, ask: (folder: string) => Promise<DiskSpace> = readDiskSpace) {
    this.#ask = () => ask(folder);
  }

  /** What was found last; undefined before the first question. */
  get last(): DiskSpace | undefined {
    return this.#last;
  }

  /** Not older than half a minute. */
  async read(): Promise<DiskSpace> {
    if (this.#last !== undefined && performance.now() - this.#askedMs < FRESH_MS) return this.#last;
    return this.readNow();
  }

  /** As it is now: after something was freed. */
  readNow(): Promise<DiskSpace> {
    this.#asking ??= this.#ask()
      .then((space) => {
        this.#last = space;
        this.#askedMs = performance.now();
        return space;
      })
      .finally(() => {
        this.#asking = undefined;
      });
    return this.#asking;
  }
}
