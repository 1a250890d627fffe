import { causeText, SidecarError, systemCode } from "../core/errors.js";
import {
  diskFull,
  diskHasSpace,
  emergencyFailed,
  storeFailing,
  storeWorks,
} from "../telemetry/store-events.js";
import type { Telemetry } from "../telemetry/telemetry.js";

interface TroubleOptions {
  readonly telemetry: Telemetry;
  readonly onDiskFull: (() => Promise<void>) | undefined;
  /** Called when the disk became full or has space again. */
  readonly onChange: () => void;
}

interface Failure {
  readonly what: string;
  cause: unknown;
}

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1000;
/** Between two runs of the emergency hook while the disk stays full. */
const EMERGENCY_PAUSE_MS = 10_000;
/** A disk that is full again so soon was told of. */
const TOLD_MS = 60_000;

/** Keeps trying what the disk refuses, says so once, and knows what does not work at the moment. */
export class Trouble {
  readonly #options: TroubleOptions;
  readonly #failures = new Set<Failure>();
  readonly #sleepers = new Set<() => void>();
  #emergency: Promise<void> | undefined;
  #emergencyEndedMs = Number.NEGATIVE_INFINITY;
  #toldMs = Number.NEGATIVE_INFINITY;
  #isAgain = false;
  #stopped: Error | undefined;
  #deadlineMs = Number.POSITIVE_INFINITY;

  constructor(options: TroubleOptions) {
    this.#options = options;
  }

  get diskFull(): boolean {
    for (const { cause } of this.#failures) if (isFull(cause)) return true;
    return false;
  }

  /** What is being tried again, with its cause; undefined when all is well. */
  get failing(): string | undefined {
    for (const { what, cause } of this.#failures) return `${what}: ${causeText(cause)}`;
    return undefined;
  }

  /** Space is being freed at this moment. */
  get isCleaning(): boolean {
    return this.#emergency !== undefined;
  }

  /** What is waiting to be tried again is tried now. */
  wake(): void {
    for (const wake of this.#sleepers) wake();
  }

  /** From now on refusals are borne for so long only; then `insist` throws. */
  giveUpAfter(ms: number): void {
    this.#deadlineMs = Date.now() + ms;
    this.wake();
  }

  /** From now on nothing is attempted: somebody else may be at work on the volume. */
  stop(error: Error): void {
    this.#stopped = error;
    this.wake();
  }

  /** Runs `attempt` until the system lets it succeed. Errors that are not the system's are thrown at once: they are ours. */
  async insist<T>(what: string, attempt: () => Promise<T>): Promise<T> {
    let failure: Failure | undefined;
    let pauseMs = FIRST_PAUSE_MS;
    try {
      for (;;) {
        if (this.#stopped !== undefined) throw this.#stopped;
        try {
          return await attempt();
        } catch (cause) {
          if (!isSystemError(cause)) throw cause;
          if (Date.now() >= this.#deadlineMs) throw refusal(what, cause);
          failure = this.#enter(failure ?? { what, cause }, cause);
        }
        await this.#pause(pauseMs);
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      }
    } finally {
      if (failure !== undefined) this.#leave(failure);
    }
  }

  #enter(failure: Failure, cause: unknown): Failure {
    const wasFull = this.diskFull;
    const wasFailing = this.failing !== undefined;
    failure.cause = cause;
    this.#failures.add(failure);
    if (isFull(cause)) {
      if (!wasFull) {
        this.#isAgain = Date.now() - this.#toldMs < TOLD_MS;
        if (!this.#isAgain) this.#toldMs = Date.now();
        diskFull(this.#options.telemetry, failure.what, cause, this.#isAgain);
        this.#options.onChange();
      }
      this.#callEmergency();
    } else if (!wasFailing) {
      storeFailing(this.#options.telemetry, failure.what, cause);
    }
    return failure;
  }

  #leave(failure: Failure): void {
    const wasFull = this.diskFull;
    this.#failures.delete(failure);
    if (wasFull && !this.diskFull) {
      diskHasSpace(this.#options.telemetry, this.#isAgain);
      // It helped: a disk that a flood fills again is cleaned up again at once.
      if (!this.isCleaning) this.#emergencyEndedMs = Number.NEGATIVE_INFINITY;
      this.#options.onChange();
    } else if (!wasFull && this.failing === undefined) {
      storeWorks(this.#options.telemetry, failure.what);
    }
  }

  #callEmergency(): void {
    const hook = this.#options.onDiskFull;
    if (hook === undefined || this.#emergency !== undefined) return;
    if (Date.now() - this.#emergencyEndedMs < EMERGENCY_PAUSE_MS) return;
    this.#emergency = hook()
      .catch((cause: unknown) => emergencyFailed(this.#options.telemetry, cause))
      .finally(() => {
        this.#emergency = undefined;
        this.#emergencyEndedMs = Date.now();
        // What was freed is used at once.
        this.wake();
      });
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#sleepers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.#sleepers.add(wake);
    });
  }
}

function refusal(what: string, cause: unknown): SidecarError {
  return new SidecarError(isFull(cause) ? "DISK_FULL" : "STORE_FAILED", `${what} did not work`, { cause });
}

/** Whether the error says that there is no space, or none left for this user. */
export function isFull(cause: unknown): boolean {
  const code = systemCode(cause);
  return code === "ENOSPC" || code === "EDQUOT";
}

/** Whether the operating system refused, as opposed to an error in the program. */
export function isSystemError(cause: unknown): boolean {
  return typeof (cause as { errno?: unknown } | undefined)?.errno === "number";
}
