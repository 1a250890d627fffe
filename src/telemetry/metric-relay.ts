import type { MetricDeclaration, MetricSink } from "../core/metric.js";

/** Hands values on to whoever exports them. Without HTTP nobody does, and they are forgotten. */
export class MetricRelay implements MetricSink {
  #sink: MetricSink | undefined;

  connect(sink: MetricSink): void {
    this.#sink = sink;
  }

  /** Whether anybody hears of values. */
  get isHeard(): boolean {
    return this.#sink !== undefined;
  }

  record(metric: MetricDeclaration, value: number, labels: readonly string[]): void {
    this.#sink?.record(metric, value, labels);
  }
}
