import type { Gap } from "../../core/source.js";
import type { Position } from "../position.js";
import type { FirstLook } from "./first-look.js";
import { lostGap } from "./lost-gap.js";
import type { Resume } from "./resume.js";

interface GapsOptions {
  readonly position: Position;
  readonly resume: Resume;
  readonly firstLook: FirstLook | undefined;
}

/** What is to be told as missing before the lines that one reading hands on next. */
export class Gaps {
  readonly #options: GapsOptions;
  #next: Gap | undefined;
  #goneTold = false;

  constructor(options: GapsOptions) {
    this.#options = options;
  }

  get any(): boolean {
    return this.#next !== undefined;
  }

  /** Looks at a message that is new. */
  see(ts: string, raw: string): void {
    const { position, resume, firstLook } = this.#options;
    if (resume.gone && !this.#goneTold) {
      this.#goneTold = true;
      this.lost(position.last[0] || position.anchor, ts);
    }
    this.#next ??= firstLook?.note(ts, raw);
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
