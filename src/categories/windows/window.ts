import type { NamedField } from "../../core/decision.js";
import type { LogRecord } from "../../core/record.js";
import { quoteJson } from "../formats/json-text.js";
import { type Bounds, engineTime } from "./bounds.js";
import type { ColumnNumbers } from "./column.js";

/** The table of a window, as far as windows and groups lead to it. */
export interface WindowOwner {
  readonly shape: { readonly table: string };
  readonly graceMs: number;
  /** Appends the group's row. */
  write(group: OpenGroup): void;
  /** The window is counted in no more. */
  forget(window: OpenWindow): void;
}

/** A stretch of time of a table that records are counted in. */
export class OpenWindow {
  readonly table: WindowOwner;
  readonly bounds: Bounds;
  /** First moment, and the first behind it, in the engine's form: they compare with the times of records as text. */
  readonly start: string;
  readonly end: string;
  readonly groups = new Map<string, OpenGroup>();
  /** Rows of it were written already. */
  hasRows: boolean;
  #isTouched = true;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(table: WindowOwner, bounds: Bounds, hasRows: boolean) {
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

/** What one window holds of one group. */
export class OpenGroup {
  readonly window: OpenWindow;
  readonly key: string;
  /** Rows of the window had been written already when the group was begun. */
  readonly isLate: boolean;
  readonly columns: readonly ColumnNumbers[];
  /** Records. */
  count = 0;
  /** In the order in which groups were last added to (recency.ts). */
  older: OpenGroup | undefined;
  newer: OpenGroup | undefined;
  /** JSON text as of the last commit, until something is added. */
  #text: string | undefined;

  constructor(window: OpenWindow, key: string, isLate: boolean, columns: readonly ColumnNumbers[]) {
    this.window = window;
    this.key = key;
    this.isLate = isLate;
    this.columns = columns;
  }

  add(record: LogRecord, fields: readonly NamedField[]): void {
    this.#text = undefined;
    this.count += 1;
    for (let at = 0; at < fields.length; at++) this.columns[at]!.add(fields[at]!.read(record));
  }

  text(): string {
    this.#text ??= `[${quoteJson(this.key)},${this.count},${this.isLate ? 1 : 0},[${this.columns
      .map((column) => column.text())
      .join(",")}]]`;
    return this.#text;
  }
}
