import { type Hold, isWithin, sizeOf } from "./hold.js";

export interface HoldLimits {
  readonly count: number;
  /** Of texts in memory, in UTF-16 code units. */
  readonly size: number;
}

interface HoldsOptions {
  readonly limits: HoldLimits;
  /** The window is over, or was ended because there are too many (`isEarly`): the record is to be written. */
  readonly onOver: (hold: Hold, isEarly: boolean) => void;
}

/** In the order in which they came. */
type Row = Set<Hold>;

/** All records that are kept back, and when each of them has been kept long enough. Pure but for `onOver`. */
export class Holds {
  readonly #options: HoldsOptions;
  readonly #byKey = new Map<string, Hold>();
  readonly #all: Row = new Set();
  /** By container and window: the first of a row is due first. */
  readonly #rows = new Map<string, Map<number, Row>>();
  #size = 0;

  constructor(options: HoldsOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#all.size;
  }

  /** The one that a record of that key and engine time belongs to; one whose window it is not in is over. */
  find(key: string, ts: string): Hold | undefined {
    const hold = this.#byKey.get(key);
    if (hold === undefined || isWithin(hold, ts)) return hold;
    this.#end(hold, false);
    return undefined;
  }

  /** Keeps one more. The oldest are ended where there would be too many. */
  add(hold: Hold): void {
    const { limits } = this.#options;
    const size = sizeOf(hold);
    for (const oldest of this.#all) {
      if (this.count < limits.count && this.#size + size <= limits.size) break;
      this.#end(oldest, true);
    }
    this.#size += size;
    this.#byKey.set(hold.key, hold);
    this.#all.add(hold);
    this.#rowOf(hold).add(hold);
  }

  /** A line of the container with this engine time came. */
  passEngineTime(containerId: string, ts: string): void {
    const rows = this.#rows.get(containerId);
    if (rows === undefined) return;
    for (const row of rows.values()) {
      for (const hold of row) {
        if (hold.dueTs > ts) break;
        this.#end(hold, false);
      }
    }
  }

  /** Ends what was kept for the length of its window by the clock; gives when the next one is due. */
  passClock(nowMs: number): number | undefined {
    let nextMs: number | undefined;
    for (const rows of this.#rows.values()) {
      for (const row of rows.values()) {
        for (const hold of row) {
          if (hold.dueMs <= nowMs) this.#end(hold, false);
          else {
            nextMs = Math.min(hold.dueMs, nextMs ?? hold.dueMs);
            break;
          }
        }
      }
    }
    return nextMs;
  }

  /** No more lines of the container will come. */
  endContainer(containerId: string): void {
    for (const row of this.#rows.get(containerId)?.values() ?? [])
      for (const hold of row) this.#end(hold, false);
  }

  endAll(): void {
    for (const hold of this.#all) this.#end(hold, false);
  }

  /** Oldest first. */
  list(): readonly Hold[] {
    return [...this.#all];
  }

  #end(hold: Hold, isEarly: boolean): void {
    // After a start two can have the same key, if the rule's `by` was changed meanwhile.
    if (this.#byKey.get(hold.key) === hold) this.#byKey.delete(hold.key);
    this.#all.delete(hold);
    this.#size -= sizeOf(hold);
    this.#takeOut(hold);
    this.#options.onOver(hold, isEarly);
  }

  #rowOf({ container, waiting }: Hold): Row {
    let rows = this.#rows.get(container.id);
    if (rows === undefined) {
      rows = new Map();
      this.#rows.set(container.id, rows);
    }
    let row = rows.get(waiting.windowMs);
    if (row === undefined) {
      row = new Set();
      rows.set(waiting.windowMs, row);
    }
    return row;
  }

  #takeOut(hold: Hold): void {
    const rows = this.#rows.get(hold.container.id);
    const row = rows?.get(hold.waiting.windowMs);
    row?.delete(hold);
    if (row?.size === 0) rows?.delete(hold.waiting.windowMs);
    if (rows?.size === 0) this.#rows.delete(hold.container.id);
  }
}
