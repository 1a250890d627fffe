import { SidecarError } from "../core/errors.js";

/** Gives the retention lock back. */
export interface RetentionLock {
  release(): Promise<void>;
}

/** One run of retention at a time: within this process, and by the lock within the log folder. */
export class Exclusive {
  readonly #takeLock: () => Promise<RetentionLock>;
  #running: { readonly ended: Promise<void>; readonly stop: AbortController } | undefined;

  constructor(takeLock: () => Promise<RetentionLock>) {
    this.#takeLock = takeLock;
  }

  /**
   * Does the work, with a signal that tells it to stop: `outer`'s, or that something more urgent waits.
   * @throws SidecarError RETENTION_RUNNING
   */
  async run<T>(outer: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#running !== undefined) {
      throw new SidecarError("RETENTION_RUNNING", "Retention of this sidecar is still at work");
    }
    const stop = new AbortController();
    const abort = () => stop.abort();
    outer?.addEventListener("abort", abort);
    if (outer?.aborted === true) abort();
    const result = this.#locked(() => work(stop.signal));
    const ended = result.then(
      () => undefined,
      () => undefined,
    );
    this.#running = { ended, stop };
    try {
      return await result;
    } finally {
      outer?.removeEventListener("abort", abort);
      this.#running = undefined;
    }
  }

  /** What runs in this process is told to stop, and waited for. */
  async interrupt(): Promise<void> {
    while (this.#running !== undefined) {
      this.#running.stop.abort();
      await this.#running.ended;
    }
  }

  async #locked<T>(work: () => Promise<T>): Promise<T> {
    const lock = await this.#takeLock();
    try {
      return await work();
    } finally {
      await lock.release();
    }
  }
}
