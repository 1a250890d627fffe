import { setTimeout as sleep } from "node:timers/promises";

/** Lets one reader wait, for some time or until it is rung for. */
export class Alarm {
  #wake: (() => void) | undefined;
  #rung = false;

  /** Ends the present pause; remembered for the next `untilRung` when nobody waits. */
  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Resolves when it was rung since the last time, or is. */
  async untilRung(): Promise<void> {
    if (!this.#rung) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
    this.#rung = false;
  }

  /** Resolves after that time, or when it is rung. */
  async pause(ms: number): Promise<void> {
    const timer = new AbortController();
    this.#wake = () => timer.abort();
    await sleep(ms, undefined, { signal: timer.signal }).catch(() => undefined);
    this.#wake = undefined;
  }
}
