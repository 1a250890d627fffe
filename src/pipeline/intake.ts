import type { Writable } from "node:stream";
import type { LineBatch, LineSink } from "../core/source.js";

/** Lets many sources write into one pipeline; all wait for the same drain. */
export class Intake implements LineSink {
  readonly #first: Writable;
  #drained: Promise<void> | undefined;

  constructor(first: Writable) {
    this.#first = first;
  }

  /** No source will deliver any more. */
  end(): void {
    this.#first.end();
  }

  deliver(batch: LineBatch): Promise<void> | undefined {
    if (this.#first.write(batch)) return undefined;
    this.#drained ??= new Promise((resolve, reject) => {
      const settle = (error?: Error) => {
        this.#first.off("drain", settle).off("close", settle).off("error", settle);
        this.#drained = undefined;
        if (error instanceof Error) reject(error);
        else resolve();
      };
      this.#first.on("drain", settle).on("close", settle).on("error", settle);
    });
    return this.#drained;
  }
}
