import type { Calendar } from "../../core/calendar.js";
import type { SummaryTarget, SummaryWindows } from "../../core/decision.js";
import type { SegmentSink } from "../../core/segment.js";
import { PERCENTILES, type WindowNames, windowHeader } from "../../core/windows.js";
import type { CategoryNames } from "../category-names.js";
import { DatedAppenders } from "../dated-appenders.js";
import { csvCell, csvHeader, LINE_END } from "../formats/csv.js";
import { placeByName } from "../placement.js";
import { boundsAt, timeToMs } from "./bounds.js";
import { type ColumnNumbers, emptyColumn } from "./column.js";
import { type OpenGroup, OpenWindow, type WindowOwner } from "./window.js";
import type { WrittenWindows } from "./written.js";

/** What a table's rows are, without the rules that fill them: so windows outlive their rules. */
export interface TableShape extends WindowNames {
  readonly table: string;
  readonly everyMs: number;
}

export function shapeOf({ table, columns }: SummaryTarget, windows: SummaryWindows): TableShape {
  const { everyMs, by, aggregates } = windows;
  const names = (fields: SummaryTarget["columns"]) => fields.map(({ name }) => name);
  return { table, everyMs, by: names(by), columns: names(columns), aggregates };
}

/** The open windows of one table, and how they become rows. */
export class WindowTable implements WindowOwner {
  readonly shape: TableShape;
  readonly folder: string;
  /** As the rule in use says. */
  graceMs: number;
  readonly windows = new Map<number, OpenWindow>();
  readonly written: WrittenWindows;
  /** The shape as JSON text, which no other shape has. */
  readonly key: string;
  readonly hasSketches: boolean;
  readonly #calendar: Calendar;
  readonly #appenders: DatedAppenders;
  #last: OpenWindow | undefined;

  constructor(shape: TableShape, graceMs: number, written: WrittenWindows, context: TableContext) {
    this.shape = shape;
    this.graceMs = graceMs;
    this.written = written;
    this.key = JSON.stringify(shape);
    this.hasSketches = shape.aggregates.some((aggregate) => PERCENTILES[aggregate] !== undefined);
    this.#calendar = context.calendar;
    const { folder, stem } = placeByName("summary", shape.table, context.names.table);
    const header = csvHeader(windowHeader(shape));
    this.folder = folder;
    this.#appenders = new DatedAppenders((date) =>
      context.sink.series({ category: "summary", folder, stem, date, extension: ".csv", header }),
    );
  }

  /** The open window of an engine timestamp; nearly always that of the record before. */
  windowOf(ts: string): OpenWindow {
    const last = this.#last;
    if (last !== undefined && ts >= last.start && ts < last.end) return last;
    const bounds = boundsAt(timeToMs(ts), this.shape.everyMs, this.#calendar);
    let window = this.windows.get(bounds.startMs);
    if (window === undefined) {
      window = new OpenWindow(this, bounds, this.written.has(bounds.index));
      this.windows.set(bounds.startMs, window);
    }
    this.#last = window;
    return window;
  }

  emptyColumns(): ColumnNumbers[] {
    return this.shape.columns.map(() => emptyColumn(this.hasSketches));
  }

  /** Appends the group's row to the file of the date on which its window begins. */
  write({ window, key, count, isLate, columns }: OpenGroup): void {
    const { by, aggregates } = this.shape;
    let row = `${window.start},${window.end}${by.length === 0 ? "" : `,${key}`},${count}`;
    for (const column of columns) {
      for (const aggregate of aggregates) row += `,${csvCell(column.get(aggregate))}`;
    }
    row += isLate ? ",1" : ",0";
    this.#appenders.at(this.#calendar.dateOf(window.start)).append(row + LINE_END, 1);
    window.hasRows = true;
  }

  /** The window is counted in no more: what comes for it begins another. */
  forget(window: OpenWindow): void {
    if (window.hasRows) this.written.add(window.bounds.index);
    this.windows.delete(window.bounds.startMs);
    if (this.#last === window) this.#last = undefined;
  }

  /** JSON text; undefined when there is nothing to remember. */
  text(): string | undefined {
    if (this.windows.size === 0 && this.written.isEmpty) return undefined;
    const windows: string[] = [];
    for (const window of this.windows.values()) windows.push(window.text());
    return `{"shape":${this.key},"graceMs":${this.graceMs},"written":${this.written.text()},"windows":[${windows.join(",")}]}`;
  }
}

/** What a table needs of the writers' surroundings. */
export interface TableContext {
  readonly calendar: Calendar;
  readonly names: CategoryNames;
  readonly sink: SegmentSink;
}
