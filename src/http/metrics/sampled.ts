import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { MetricDeclaration, MetricSink } from "../../core/metric.js";
import { COMMIT_SECONDS } from "../../telemetry/store-events.js";
import type { Telemetry } from "../../telemetry/telemetry.js";

/** Series of one metric; what an app prints as a label must not fill the memory. */
const MOST_SERIES = 200;
const MOST_METRICS = 200;
const REST = "_other";
/** For shares from 0 to 1, for seconds, and for sizes, as nobody has said which. */
const BUCKETS = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1, 2.5, 5, 10, 30, 60, 300, 1_000, 10_000,
];

interface Sampled {
  readonly declaration: MetricDeclaration;
  readonly series: Set<string>;
  readonly put: (value: number, labels: Record<string, string>) => void;
}

/** Metrics whose values come one by one: those of rules, and the times of commits. They come into being with their first value. */
export class SampledMetrics implements MetricSink {
  readonly #registry: Registry;
  readonly #telemetry: Telemetry;
  readonly #byDeclaration = new WeakMap<MetricDeclaration, Sampled>();
  readonly #byName = new Map<string, Sampled>();

  constructor(registry: Registry, telemetry: Telemetry) {
    this.#registry = registry;
    this.#telemetry = telemetry;
    this.#find(COMMIT_SECONDS);
  }

  record(metric: MetricDeclaration, value: number, labels: readonly string[]): void {
    const sampled = this.#byDeclaration.get(metric) ?? this.#find(metric);
    if (sampled === undefined || !Number.isFinite(value) || (metric.type === "counter" && value < 0)) {
      this.#cut(metric);
      return;
    }
    sampled.put(value, this.#labelsOf(sampled, labels));
  }

  /** After a reload a rule's metric comes as another object: as long as it looks the same, it goes on. */
  #find(metric: MetricDeclaration): Sampled | undefined {
    const known = this.#byName.get(metric.name);
    if (known !== undefined && isSame(known.declaration, metric)) {
      this.#byDeclaration.set(metric, known);
      return known;
    }
    // Nobody else's: process_…, the sidecar's own.
    if (
      known === undefined &&
      (this.#registry.getSingleMetric(metric.name) || this.#byName.size >= MOST_METRICS)
    )
      return undefined;
    this.#registry.removeSingleMetric(metric.name);
    const made = { declaration: metric, series: new Set<string>(), put: makePut(metric, this.#registry) };
    this.#byName.set(metric.name, made);
    this.#byDeclaration.set(metric, made);
    return made;
  }

  #labelsOf({ declaration, series }: Sampled, values: readonly string[]): Record<string, string> {
    const key = values.join("\u0000");
    let shown = values;
    if (!series.has(key)) {
      if (series.size < MOST_SERIES) series.add(key);
      else {
        shown = values.map(() => REST);
        this.#cut(declaration);
      }
    }
    return Object.fromEntries(declaration.labelNames.map((name, at) => [name, shown[at] ?? ""]));
  }

  #cut({ name }: MetricDeclaration): void {
    this.#telemetry.counters.add("metric_samples_cut_total", 1, name);
  }
}

function isSame(a: MetricDeclaration, b: MetricDeclaration): boolean {
  return JSON.stringify({ ...a, help: "" }) === JSON.stringify({ ...b, help: "" });
}

function makePut(
  { name, type, help, labelNames, buckets }: MetricDeclaration,
  registry: Registry,
): Sampled["put"] {
  const common = { name, help, labelNames: [...labelNames], registers: [registry] };
  switch (type) {
    case "counter": {
      const counter = new Counter(common);
      return (value, labels) => counter.inc(labels, value);
    }
    case "gauge": {
      const gauge = new Gauge(common);
      return (value, labels) => gauge.set(labels, value);
    }
    case "histogram": {
      const histogram = new Histogram({ ...common, buckets: [...(buckets ?? BUCKETS)] });
      return (value, labels) => histogram.observe(labels, value);
    }
  }
}
