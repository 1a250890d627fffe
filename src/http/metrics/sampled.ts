import type { Registry } from "prom-client";
import { type MetricDeclaration, type MetricSink, OWN_NAMES } from "../../core/metric.js";
import { COMMIT_SECONDS } from "../../telemetry/store-events.js";
import type { Telemetry } from "../../telemetry/telemetry.js";
import { type Series, SeriesMetric } from "./series.js";

/** Series of one metric; what an app prints as a label must not fill the memory. */
const MOST_SERIES = 200;
const MOST_METRICS = 200;
const REST = "_other";

interface Sampled {
  readonly declaration: MetricDeclaration;
  readonly metric: SeriesMetric;
  /** By the values of its labels. */
  readonly series: Map<string, Series>;
}

/** Metrics whose values come one by one: those of rules, and the times of commits. They come into being with their first value, whether anybody exports them yet or not. */
export class SampledMetrics implements MetricSink {
  #registry: Registry | undefined;
  readonly #telemetry: Telemetry;
  readonly #byDeclaration = new WeakMap<MetricDeclaration, Sampled>();
  readonly #byName = new Map<string, Sampled>();

  constructor(telemetry: Telemetry) {
    this.#telemetry = telemetry;
    this.#add(COMMIT_SECONDS);
  }

  /** From now on the registry has all of them. */
  exportBy(registry: Registry): void {
    this.#registry = registry;
    for (const { metric } of this.#byName.values()) registry.registerMetric(metric.registered);
  }

  record(metric: MetricDeclaration, value: number, labels: readonly string[]): void {
    const sampled = this.#byDeclaration.get(metric) ?? this.#find(metric);
    if (sampled === undefined || !Number.isFinite(value) || (metric.type === "counter" && value < 0)) {
      this.#cut(metric);
      return;
    }
    this.#seriesOf(sampled, labels).put(value);
  }

  /** After a reload a rule's metric comes as another object: as long as it looks the same, it goes on. */
  #find(metric: MetricDeclaration): Sampled | undefined {
    const known = this.#byName.get(metric.name);
    if (known !== undefined && isSame(known.declaration, metric)) {
      this.#byDeclaration.set(metric, known);
      return known;
    }
    if (OWN_NAMES.test(metric.name) || (known === undefined && this.#byName.size >= MOST_METRICS))
      return undefined;
    this.#registry?.removeSingleMetric(metric.name);
    return this.#add(metric);
  }

  #add(metric: MetricDeclaration): Sampled {
    const made = { declaration: metric, metric: new SeriesMetric(metric), series: new Map<string, Series>() };
    this.#registry?.registerMetric(made.metric.registered);
    this.#byName.set(metric.name, made);
    this.#byDeclaration.set(metric, made);
    // What needs no labels is there before its first value.
    if (metric.labelNames.length === 0) this.#seriesOf(made, []);
    return made;
  }

  #seriesOf({ declaration, metric, series }: Sampled, labels: readonly string[]): Series {
    const known = series.get(keyOf(labels));
    if (known !== undefined) return known;
    const isRest = series.size >= MOST_SERIES;
    if (isRest) this.#cut(declaration);
    const shown = isRest ? labels.map(() => REST) : labels;
    const added = (isRest ? series.get(keyOf(shown)) : undefined) ?? metric.add(shown);
    series.set(keyOf(shown), added);
    return added;
  }

  #cut({ name }: MetricDeclaration): void {
    this.#telemetry.counters.add("metric_samples_cut_total", 1, name);
  }
}

/** Takes what is measured from now on. */
export function collectSamples(telemetry: Telemetry): SampledMetrics {
  const samples = new SampledMetrics(telemetry);
  telemetry.metrics.connect(samples);
  return samples;
}

function keyOf(labels: readonly string[]): string {
  return labels.length === 1 ? labels[0]! : labels.join("\u0000");
}

function isSame(a: MetricDeclaration, b: MetricDeclaration): boolean {
  return JSON.stringify({ ...a, help: "" }) === JSON.stringify({ ...b, help: "" });
}
