import type { SummaryTarget, SummaryWindows } from "../../core/decision.js";
import type { LogRecord } from "../../core/record.js";
import type { CommitPart } from "../../core/segment.js";
import { groupClosedEarly, windowRows } from "../../telemetry/category-events.js";
import type { Telemetry } from "../../telemetry/telemetry.js";
import { ColumnNumbers } from "./column.js";
import { groupKey } from "./group-key.js";
import { Recency } from "./recency.js";
import { readStored, type StoredTable } from "./stored.js";
import { shapeOf, type TableContext, WindowTable } from "./table.js";
import { OpenGroup, OpenWindow } from "./window.js";
import { WrittenWindows } from "./written.js";

export interface OpenWindowsOptions extends TableContext {
  readonly telemetry: Telemetry;
  /** `SIDECAR_MAX_GROUPS`: open groups over all tables. */
  readonly maxGroups: number;
  /** What `snapshot` gave at the last commit. */
  readonly restored: unknown;
}

const LOOK_MS = 1000;
/** Tables that no rule has any more are remembered for their late rows, but not without end. */
const IDLE_TABLES_KEPT = 100;

/**
 * All windows that records are counted in. They are durable together with the output: at each commit a record is either in a
 * row or in an open window, whatever is killed and whenever, for a row is appended and its group forgotten in one go.
 */
export class OpenWindows implements CommitPart {
  readonly name = "windows";
  readonly #options: OpenWindowsOptions;
  readonly #tables = new Map<string, WindowTable>();
  /** Targets live as long as the rules that made them. */
  readonly #byTarget = new WeakMap<SummaryTarget, WindowTable>();
  readonly #recency = new Recency();
  #timer: NodeJS.Timeout | undefined;

  /** @throws SidecarError CHECKPOINT_BROKEN */
  constructor(options: OpenWindowsOptions) {
    this.#options = options;
    const tables = readStored(options.restored);
    const idle = tables.filter(({ windows }) => windows.length === 0);
    const tooMany = new Set(idle.slice(0, -IDLE_TABLES_KEPT));
    for (const stored of tables) if (!tooMany.has(stored)) this.#restore(stored);
  }

  /** Counts the record in its window and group. */
  add(record: LogRecord, target: SummaryTarget, windows: SummaryWindows): void {
    const table = this.#byTarget.get(target) ?? this.#meet(target, windows);
    const key = windows.by.length === 0 ? "" : groupKey(record, windows.by);
    const group = table.windowOf(record.ts).groups.get(key) ?? this.#begin(table, record.ts, key);
    group.add(record, target.columns);
    group.window.touch();
    this.#recency.touch(group);
  }

  /** Writes the windows that are whole by now; gives the number of rows. */
  writeDue(nowMs: number): number {
    return this.#writeWindows((window) => window.isDue(nowMs, window.table.graceMs));
  }

  /** Writes all windows as they are: nothing will come for them any more. */
  writeAll(): number {
    return this.#writeWindows(() => true);
  }

  /** Looks once a second for windows that are whole. `onRows` hears of rows that were appended. */
  start(onRows: (count: number) => void): void {
    this.#timer = setInterval(() => {
      const rows = this.writeDue(Date.now());
      if (rows > 0) onRows(rows);
    }, LOOK_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Groups that have no row yet. */
  get size(): number {
    return this.#recency.size;
  }

  /** Below the log folder. */
  folders(): string[] {
    return [...new Set([...this.#tables.values()].map(({ folder }) => folder))];
  }

  snapshot(): string {
    const tables: string[] = [];
    for (const table of this.#tables.values()) {
      const text = table.text();
      if (text !== undefined) tables.push(text);
    }
    return `{"tables":[${tables.join(",")}]}`;
  }

  /** A target not seen before: of a table that is known, or of one whose rules were read again. */
  #meet(target: SummaryTarget, windows: SummaryWindows): WindowTable {
    const { graceMs } = windows;
    const shape = shapeOf(target, windows);
    let table = this.#tables.get(JSON.stringify(shape));
    if (table === undefined) {
      table = new WindowTable(shape, graceMs, new WrittenWindows(), this.#options);
      this.#tables.set(table.key, table);
    }
    table.graceMs = graceMs;
    this.#byTarget.set(target, table);
    return table;
  }

  #begin(table: WindowTable, ts: string, key: string): OpenGroup {
    while (this.#recency.size >= this.#options.maxGroups) this.#closeEarly(this.#recency.oldest!);
    // Asked anew: its last group may just have been closed, and the window with it.
    const window = table.windowOf(ts);
    const group = new OpenGroup(window, key, window.hasRows, table.emptyColumns());
    window.groups.set(key, group);
    this.#recency.enter(group);
    return group;
  }

  #closeEarly(group: OpenGroup): void {
    const { window } = group;
    groupClosedEarly(this.#options.telemetry, window.table.shape.table, this.#options.maxGroups);
    this.#write(group);
    if (window.groups.size === 0) window.table.forget(window);
  }

  #writeWindows(isDue: (window: OpenWindow) => boolean): number {
    const before = this.#recency.size;
    for (const table of this.#tables.values()) {
      for (const window of table.windows.values()) {
        if (!isDue(window)) continue;
        for (const group of window.groups.values()) this.#write(group);
        table.forget(window);
      }
    }
    return before - this.#recency.size;
  }

  #write(group: OpenGroup): void {
    const { window, key, isLate } = group;
    window.table.write(group);
    window.groups.delete(key);
    this.#recency.leave(group);
    windowRows(this.#options.telemetry, isLate);
  }

  #restore({ shape, graceMs, written, windows }: StoredTable): void {
    const table = new WindowTable(shape, graceMs, new WrittenWindows(written), this.#options);
    this.#tables.set(table.key, table);
    for (const [startMs, endMs, index, hasRows, groups] of windows) {
      const window = new OpenWindow(table, { startMs, endMs, index }, hasRows === 1);
      table.windows.set(startMs, window);
      for (const [key, count, isLate, columns] of groups) {
        const numbers = columns.map((column) => ColumnNumbers.restore(column, table.hasSketches));
        const group = new OpenGroup(window, key, isLate === 1, numbers);
        group.count = count;
        window.groups.set(key, group);
        this.#recency.enter(group);
      }
    }
  }
}
