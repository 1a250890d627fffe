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

  constructor(output: Output) {
    this.#output = output;
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
    if (text === "") return undefined;
    const full = this.#output.write(text) === false;
    return full && this.#output instanceof Writable ? once(this.#output, "drain") : undefined;
  }
}
