import { SidecarError } from "../core/errors.js";

/** Gives the retention lock back. */
export interface RetentionLock {
  release(): Promise<void>;
}

/** Keeps other processes out; the signal ends the wait for what only its beat can tell of. @throws SidecarError RETENTION_RUNNING */
export type TakeLock = (signal: AbortSignal) => Promise<RetentionLock>;

/** One run of retention at a time: within this process, and by the lock within the log folder. */
export class Exclusive {
  readonly #takeLock: TakeLock;
  #running: { readonly ended: Promise<void>; readonly stop: AbortController } | undefined;

  constructor(takeLock: TakeLock) {
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
    const result = this.#locked(stop.signal, work);
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

  async #locked<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const lock = await this.#takeLock(signal);
    try {
      return await work(signal);
    } finally {
      await lock.release();
    }
  }
}
