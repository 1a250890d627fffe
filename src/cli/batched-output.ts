import { once } from "node:events";
import { Writable } from "node:stream";
import type { Output } from "./output.js";

const LONGEST_BATCH = 64 * 1024;

/**
 * Hands text on in batches: a write for each line costs more than the line. What waits is handed on when nothing more
 * comes at once, so that somebody who types lines sees each answer.
 */
export class BatchedOutput {
  readonly #output: Output;
  #waiting = "";
  #turn: NodeJS.Immediate | undefined;
  #gone = false;

  constructor(output: Output) {
    this.#output = output;
    // `… | head -1`: whoever reads has had enough. Any other fault shows in the exit status of what reads.
    if (output instanceof Writable) output.on("error", () => this.#leave());
  }

  /** Nobody reads any more: there is no use in going on. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Resolves later where the reader is slow, so that memory does not fill. */
  write(text: string): Promise<unknown> | undefined {
    this.#waiting += text;
    if (this.#waiting.length >= LONGEST_BATCH) return this.flush();
    this.#turn ??= setImmediate(() => this.flush());
    return undefined;
  }

  flush(): Promise<unknown> | undefined {
    clearImmediate(this.#turn);
    this.#turn = undefined;
    const text = this.#waiting;
    this.#waiting = "";
    if (text === "" || this.#gone) return undefined;
    const output = this.#output;
    const full = output.write(text) === false;
    // The listener above has heard of the error by then.
    return full && output instanceof Writable ? once(output, "drain").catch(() => undefined) : undefined;
  }

  #leave(): void {
    this.#gone = true;
    this.#waiting = "";
  }
}
