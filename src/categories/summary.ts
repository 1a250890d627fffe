import type { SummaryTarget } from "../core/decision.js";
import type { LogRecord } from "../core/record.js";
import type { WriterContext } from "./context.js";
import { DatedAppenders } from "./dated-appenders.js";
import { readExactly } from "./exact-values.js";
import { csvCell, csvHeader, LINE_END } from "./formats/csv.js";
import { placeByName } from "./placement.js";

/** Writes `summary/<table>/<table>_<date>.csv`: `ts`, then the rule's columns; or counts records in windows, which become rows later. */
export class SummaryWriter {
  readonly #context: WriterContext;
  readonly #folders = new Set<string>();
  /** Targets live as long as the rules that made them. */
  readonly #targets = new WeakMap<SummaryTarget, DatedAppenders>();

  constructor(context: WriterContext) {
    this.#context = context;
  }

  write(record: LogRecord, target: SummaryTarget): void {
    if (target.windows !== undefined) {
      this.#context.windows.add(record, target, target.windows);
      return;
    }
    let series = this.#targets.get(target);
    if (series === undefined) {
      series = this.#dated(target);
      this.#targets.set(target, series);
    }
    let row = record.ts;
    for (const value of readExactly(record, target.columns)) row += `,${csvCell(value)}`;
    series.at(this.#context.calendar.dateOf(record.ts)).append(row + LINE_END, 1);
  }

  folders(): string[] {
    return [...new Set([...this.#folders, ...this.#context.windows.folders()])];
  }

  #dated({ table, columns }: SummaryTarget): DatedAppenders {
    const { sink, names } = this.#context;
    const { folder, stem } = placeByName("summary", table, names.table);
    const header = csvHeader(["ts", ...columns.map(({ name }) => name)]);
    this.#folders.add(folder);
    return new DatedAppenders((date) =>
      sink.series({ category: "summary", folder, stem, date, extension: ".csv", header }),
    );
  }
}
