import type { Bounds } from "./bounds.js";
import { engineTime } from "./bounds.js";
import type { OpenGroup } from "./group.js";
import type { WindowTable } from "./table.js";

/** A stretch of time of a table that records are counted in. */
export class OpenWindow {
  readonly table: WindowTable;
  readonly bounds: Bounds;
  /** First moment, and the first behind it, in the engine's form: they compare with the times of records as text. */
  readonly start: string;
  readonly end: string;
  readonly groups = new Map<string, OpenGroup>();
  /** Rows of it were written already. */
  hasRows: boolean;
  #isTouched = true;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(table: WindowTable, bounds: Bounds, hasRows: boolean) {
    this.table = table;
    this.bounds = bounds;
    this.start = engineTime(bounds.startMs);
    this.end = engineTime(bounds.endMs);
    this.hasRows = hasRows;
  }

  /** Something was added. The time is taken when `isDue` is asked next: asking for it at each record would cost more than counting. */
  touch(): void {
    this.#isTouched = true;
  }

  /**
   * Whether the window is over, and nothing has come for it, for `graceMs`. Containers are read side by side, each at its own place
   * in time: a window of the past is whole when they all have passed it, and then nothing comes any more.
   */
  isDue(nowMs: number, graceMs: number): boolean {
    if (this.#isTouched) {
      this.#isTouched = false;
      this.#lastMs = nowMs;
    }
    return nowMs >= Math.max(this.bounds.endMs, this.#lastMs) + graceMs;
  }

  /** JSON text. */
  text(): string {
    const { startMs, endMs, index } = this.bounds;
    const groups: string[] = [];
    for (const group of this.groups.values()) groups.push(group.text());
    return `[${startMs},${endMs},${index},${this.hasRows ? 1 : 0},[${groups.join(",")}]]`;
  }
}
