import type { TaggedTarget, Target } from "../core/decision.js";
import { safeName } from "../core/names.js";
import type { LogRecord } from "../core/record.js";
import type { WriterContext } from "./context.js";
import { DatedAppenders } from "./dated-appenders.js";
import { RecordLine, tagsMark } from "./record-line.js";

interface TaggedSeries {
  readonly series: DatedAppenders;
  /** Tags and severity as JSON text, for records that bring no tags of their own. */
  readonly marks: string;
}

export function isPermanent(target: Target): boolean {
  return target.category === "tagged" && target.retention === "permanent";
}

/** Writes `tagged/<retention>/events_<date>.jsonl`. */
export class TaggedWriter {
  readonly #context: WriterContext;
  readonly #line = new RecordLine();
  readonly #folders = new Map<string, DatedAppenders>();
  /** Targets live as long as the rules that made them. */
  readonly #targets = new WeakMap<TaggedTarget, TaggedSeries>();

  constructor(context: WriterContext) {
    this.#context = context;
  }

  /** False for a record that is more than its container may have for ever on a day: nobody but the user deletes what is kept so. */
  write(record: LogRecord, target: TaggedTarget): boolean {
    if (this.#isTooMuch(record, target)) return false;
    let known = this.#targets.get(target);
    if (known === undefined) {
      known = { series: this.#folder(target.retention), marks: marksOf(target.tags, target) };
      this.#targets.set(target, known);
    }
    this.#context.telemetry.counters.add("tagged_records_total", 1, target.severity);
    const marks = record.tags === undefined ? known.marks : marksOf([...record.tags, ...target.tags], target);
    const date = this.#context.calendar.dateOf(record.ts);
    known.series.at(date).append(this.#line.format(record, target.rule, marks), 1);
    return true;
  }

  folders(): string[] {
    return [...this.#folders.keys()];
  }

  #isTooMuch({ container, ts, text }: LogRecord, target: TaggedTarget): boolean {
    if (!isPermanent(target)) return false;
    return this.#context.permanentQuota?.admits(container, ts, text.length) === false;
  }

  #folder(retention: string): DatedAppenders {
    const folder = `tagged/${safeName(retention)}`;
    let series = this.#folders.get(folder);
    if (series === undefined) {
      const { sink } = this.#context;
      series = new DatedAppenders((date) =>
        sink.series({ category: "tagged", folder, stem: "events", date, extension: ".jsonl", header: "" }),
      );
      this.#folders.set(folder, series);
    }
    return series;
  }
}

/** Tags and severity of a tagged record as JSON text, each with its comma. */
export function marksOf(tags: readonly string[], { severity }: TaggedTarget): string {
  return `${tagsMark([...new Set(tags)])},"severity":"${severity}"`;
}
