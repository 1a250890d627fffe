import type { Gap } from "../../core/source.js";
import type { FirstLook } from "./first-look.js";
import { lostGap } from "./lost-gap.js";

/** What is to be told as missing before the lines that one reading hands on next. */
export class Gaps {
  readonly #firstLook: FirstLook | undefined;
  #next: Gap | undefined;

  constructor(firstLook: FirstLook | undefined) {
    this.#firstLook = firstLook;
  }

  get any(): boolean {
    return this.#next !== undefined;
  }

  /** Looks at a message that is new. */
  see(ts: string, raw: string): void {
    this.#next ??= this.#firstLook?.note(ts, raw);
  }

  /** What lies between two engine times can no longer be had. */
  lost(fromTs: string, toTs: string): void {
    this.#next = lostGap(fromTs, toTs);
  }

  /** At the end. */
  last(gap: Gap | undefined): void {
    this.#next ??= gap;
  }

  take(): Gap | undefined {
    const next = this.#next;
    this.#next = undefined;
    return next;
  }
}
