import { isPipe } from "../core/container.js";
import { nameAtHost, SHARED_NAME } from "../core/names.js";
import { LEVEL_RANK, type LogRecord } from "../core/record.js";
import type { WriterContext } from "./context.js";
import { DatedAppenders } from "./dated-appenders.js";
import { RecordLine, tagsMark } from "./record-line.js";

/** The two series of a component. */
interface ComponentSeries {
  readonly log: DatedAppenders;
  readonly error: DatedAppenders;
}

/** Writes `raw/<component>/log_<date>.jsonl` (or `raw/<component>@<host>/…`), and `error_<date>.jsonl` for error and above. */
export class RawWriter {
  readonly #context: WriterContext;
  readonly #line = new RecordLine();
  /** By path part; those whose names have been freed are forgotten. */
  readonly #series = new Map<string, ComponentSeries>();
  #component = "";
  #host: string | undefined;
  #current: ComponentSeries | undefined;

  constructor(context: WriterContext) {
    this.#context = context;
  }

  /** `rule` as the decision has it: the rules that sent the record here. */
  write(record: LogRecord, rule: string | undefined): void {
    const { log, error } = this.#seriesOf(record);
    const date = this.#context.calendar.dateOf(record.ts);
    const series = LEVEL_RANK[record.level] >= LEVEL_RANK.error ? error : log;
    series.at(date).append(this.#line.format(record, rule, tagsMark(record.tags)), 1);
  }

  folders(): string[] {
    return [...this.#series.keys()].map((part) => `raw/${part}`);
  }

  #seriesOf({ component, container }: LogRecord): ComponentSeries {
    const host = this.#context.hostFolders === true ? container.host : undefined;
    if (component === this.#component && host === this.#host && this.#current !== undefined)
      return this.#current;
    const name = host === undefined ? component : nameAtHost(component, host);
    const part = this.#context.names.component.place(name, {
      isCertain: component === container.componentLabel || component === container.composeService,
      container: isPipe(container) ? undefined : container.name,
    });
    let series = this.#series.get(part);
    if (series === undefined) {
      series = { log: this.#dated(part, "log"), error: this.#dated(part, "error") };
      this.#forgetFreed();
      this.#series.set(part, series);
    }
    this.#component = component;
    this.#host = host;
    // The same name may have a folder of its own when the next container says it.
    this.#current = part === SHARED_NAME ? undefined : series;
    return series;
  }

  #forgetFreed(): void {
    const { component } = this.#context.names;
    if (this.#series.size <= component.size + 1) return;
    for (const part of this.#series.keys())
      if (part !== SHARED_NAME && !component.has(part)) this.#series.delete(part);
  }

  #dated(part: string, stem: string): DatedAppenders {
    const { sink } = this.#context;
    return new DatedAppenders((date) =>
      sink.series({ category: "raw", folder: `raw/${part}`, stem, date, extension: ".jsonl", header: "" }),
    );
  }
}
