import type { Decision, RuleMetric } from "../../core/decision.js";
import type { MetricSink } from "../../core/metric.js";
import type { LogRecord } from "../../core/record.js";
import type { ByteAppender, SeriesSpec } from "../../core/segment.js";
import type { LaneAppender, LaneFiles, Written } from "../../lane/files.js";
import { labelText, sampleOf } from "../sample-metrics.js";

/** No file of the store: no two of its kind are there. */
const SPEC: SeriesSpec = {
  category: "raw",
  folder: "",
  stem: "measures",
  date: "",
  extension: ".jsonl",
  header: "",
};

/** What stands behind a value says where it belongs: so much of it is remembered. */
const MOST_PLACES = 2_000;

interface Place {
  readonly metric: RuleMetric;
  readonly labels: readonly string[];
}

/** Values that rules measure, of lines that the lane takes: written like a file, a line each, and told from there in their order. */
export class Measures {
  readonly #metrics: MetricSink;
  readonly #file: LaneAppender;
  readonly #numbers = new Map<RuleMetric, number>();
  readonly #byNumber: RuleMetric[] = [];
  readonly #places = new Map<string, Place>();

  constructor(files: LaneFiles, metrics: MetricSink) {
    this.#metrics = metrics;
    const appender: ByteAppender = {
      append: () => undefined,
      appendBytes: (bytes) => this.#tell(bytes),
      room: () => ({ bytes: Number.POSITIVE_INFINITY, entries: Number.POSITIVE_INFINITY }),
    };
    this.#file = files.measures(SPEC, appender);
  }

  /** What the lane would have to write of a record. */
  of(record: LogRecord, { metrics = [] }: Decision): Written[] {
    return metrics.flatMap((metric) => {
      const sample = sampleOf(metric, record);
      if (sample === undefined) return [];
      const text = `${sample.value} ${JSON.stringify([this.#numberOf(metric), ...sample.labels])}\n`;
      return [{ file: this.#file, text, entries: 1 }];
    });
  }

  #numberOf(metric: RuleMetric): number {
    let number = this.#numbers.get(metric);
    if (number === undefined) {
      number = this.#byNumber.push(metric) - 1;
      this.#numbers.set(metric, number);
    }
    return number;
  }

  #tell(bytes: Uint8Array): void {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
    for (let from = 0; from < text.length; ) {
      const behind = text.indexOf(" ", from);
      const end = text.indexOf("\n", behind);
      const { metric, labels } = this.#placeOf(text.slice(behind + 1, end));
      this.#metrics.record(metric.declaration, Number(text.slice(from, behind)), labels);
      from = end + 1;
    }
  }

  #placeOf(text: string): Place {
    let place = this.#places.get(text);
    if (place === undefined) {
      const [number, ...labels] = JSON.parse(text) as [number, ...string[]];
      place = { metric: this.#byNumber[number]!, labels: labels.map(labelText) };
      if (this.#places.size >= MOST_PLACES) this.#places.clear();
      this.#places.set(text, place);
    }
    return place;
  }
}
