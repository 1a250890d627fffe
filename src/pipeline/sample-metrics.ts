import type { RuleMetric } from "../core/decision.js";
import type { MetricSink } from "../core/metric.js";
import type { LogRecord } from "../core/record.js";

/** Longer values are no names of something of which there are few. */
const LONGEST_LABEL = 100;

/** What one record says for a metric; undefined where it has no number for it. */
export interface MetricSample {
  readonly value: number;
  readonly labels: readonly string[];
}

/** Reads a metric out of a record that was edited as its rules say. */
export function sampleOf({ value, labels }: RuleMetric, record: LogRecord): MetricSample | undefined {
  const number = value === undefined ? 1 : numberIn(value(record));
  if (number === undefined) return undefined;
  return { value: number, labels: labels.map((read) => labelText(read(record))) };
}

/** Hands the values of a record on to whoever exports them. */
export function recordMetrics(metrics: readonly RuleMetric[], record: LogRecord, sink: MetricSink): void {
  for (const metric of metrics) {
    const sample = sampleOf(metric, record);
    if (sample !== undefined) sink.record(metric.declaration, sample.value, sample.labels);
  }
}

/** A number, or a text that is one and nothing else, as in summaries. */
function numberIn(value: unknown): number | undefined {
  if (typeof value !== "number" && (typeof value !== "string" || value.trim() === "")) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** A value as a label has it: empty, as Prometheus has it, where there is no value or one with parts. */
export function labelText(value: unknown): string {
  if (typeof value === "string") return value.slice(0, LONGEST_LABEL);
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}
