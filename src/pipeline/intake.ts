import type { Writable } from "node:stream";
import type { LineBatch, LineSink } from "../core/source.js";

/** Lets many sources write into one pipeline; all wait for the same drain. */
export class Intake implements LineSink {
  readonly #first: Writable;
  #drained: Promise<void> | undefined;
  /** Batches that came in, and those that the last stage is done with. */
  #came = 0;
  #settled = 0;
  #waiting: { readonly until: number; readonly resolve: () => void }[] = [];

  constructor(first: Writable) {
    this.#first = first;
  }

  /** No source will deliver any more. */
  end(): void {
    this.#first.end();
  }

  /** The last stage has handed a batch to the store. */
  settle(): void {
    this.#settled += 1;
    if (this.#waiting.length === 0) return;
    const done = this.#waiting.filter(({ until }) => until <= this.#settled);
    this.#waiting = this.#waiting.filter(({ until }) => until > this.#settled);
    for (const { resolve } of done) resolve();
  }

  /** Resolves when all that was delivered by now is with the store. */
  settled(): Promise<void> {
    const until = this.#came;
    if (until <= this.#settled) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ until, resolve }));
  }

  deliver(batch: LineBatch): Promise<void> | undefined {
    this.#came += 1;
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
