import type { Metric } from "prom-client";
import type { MetricDeclaration } from "../../core/metric.js";

/** For shares from 0 to 1, for seconds, and for sizes, as nobody has said which. */
const BUCKETS = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1, 2.5, 5, 10, 30, 60, 300, 1_000, 10_000,
];

/** One set of labels, and what was put into it. */
export interface Series {
  put(value: number): void;
}

type Labels = Record<string, string>;

/** A value as prom-client writes it. */
interface Shown {
  readonly metricName: string;
  readonly labels: Labels;
  readonly sharedLabels: Labels;
  readonly value: number;
}

/**
 * The series of a metric whose values come one by one. prom-client's own metrics look a series up by its labels for each value, which
 * takes 1 µs; here whoever has a series keeps it. It writes what `get` gives, as of its own (prom-client's lib/registry.js).
 */
export class SeriesMetric {
  readonly name: string;
  readonly help: string;
  readonly type: MetricDeclaration["type"];
  readonly aggregator = "sum";
  readonly #labelNames: readonly string[];
  readonly #bounds: readonly number[];
  readonly #series: (Series & { shown(name: string): Shown[] })[] = [];

  constructor({ name, help, type, labelNames, buckets }: MetricDeclaration) {
    this.name = name;
    this.help = help;
    this.type = type;
    this.#labelNames = labelNames;
    this.#bounds = buckets ?? BUCKETS;
  }

  /** As prom-client's registry takes it. */
  get registered(): Metric {
    return this as unknown as Metric;
  }

  /** A series that was not there before. */
  add(labels: readonly string[]): Series {
    const named = Object.fromEntries(this.#labelNames.map((name, at) => [name, labels[at] ?? ""]));
    const series =
      this.type === "histogram" ? new Distribution(named, this.#bounds) : new Single(named, this.type);
    this.#series.push(series);
    return series;
  }

  get(): Promise<Pick<SeriesMetric, "name" | "help" | "type" | "aggregator"> & { values: Shown[] }> {
    const { name, help, type, aggregator } = this;
    const values = this.#series.flatMap((series) => series.shown(name));
    return Promise.resolve({ name, help, type, aggregator, values });
  }
}

/** A counter or a gauge. */
class Single implements Series {
  readonly #labels: Labels;
  readonly #adds: boolean;
  #value = 0;

  constructor(labels: Labels, type: MetricDeclaration["type"]) {
    this.#labels = labels;
    this.#adds = type === "counter";
  }

  put(value: number): void {
    this.#value = this.#adds ? this.#value + value : value;
  }

  shown(name: string): Shown[] {
    return [{ metricName: name, labels: this.#labels, sharedLabels: {}, value: this.#value }];
  }
}

/** A histogram's. */
class Distribution implements Series {
  readonly #labels: Labels;
  readonly #bounds: readonly number[];
  /** By bound, and one behind them. */
  readonly #counts: number[];
  #sum = 0;

  constructor(labels: Labels, bounds: readonly number[]) {
    this.#labels = labels;
    this.#bounds = bounds;
    this.#counts = [...bounds, Number.POSITIVE_INFINITY].map(() => 0);
  }

  put(value: number): void {
    let at = 0;
    while (at < this.#bounds.length && value > this.#bounds[at]!) at += 1;
    this.#counts[at]! += 1;
    this.#sum += value;
  }

  shown(name: string): Shown[] {
    const sharedLabels = this.#labels;
    let count = 0;
    const buckets = this.#counts.map((more, at): Shown => {
      count += more;
      const labels = { le: String(this.#bounds[at] ?? "+Inf") };
      return { metricName: `${name}_bucket`, labels, sharedLabels, value: count };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels: {}, sharedLabels, value: this.#sum },
      { metricName: `${name}_count`, labels: {}, sharedLabels, value: count },
    ];
  }
}
