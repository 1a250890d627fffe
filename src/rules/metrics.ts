import type { RuleMetric, Severity } from "../core/decision.js";
import type { MetricSource } from "./metric-schema.js";
import type { Fields } from "./rule-fields.js";

/** The label's field that is the severity with which the record is tagged, whatever the event says. */
const SEVERITY = "log_sidecar.severity";

/** The metrics of a rule, ready to be read. */
export function metricsOf(
  sources: readonly MetricSource[],
  rule: string,
  { readValue }: Fields,
): RuleMetric[] {
  return sources.map(({ name, type, help, value, labels, buckets }) => {
    const severityAt = labels.findIndex(({ field }) => field === SEVERITY);
    const labelNames = labels.map((label) => label.name);
    const declaration = { name, type, help: help ?? `From records of the rule ${rule}.`, labelNames };
    return {
      declaration: buckets === undefined ? declaration : { ...declaration, buckets },
      value: value === undefined ? undefined : readValue(value),
      labels: labels.map(({ field }) => readValue(field)),
      severityAt: severityAt < 0 ? undefined : severityAt,
    };
  });
}

/** The same metric for records of one severity. */
export function withSeverity(metric: RuleMetric, severity: Severity): RuleMetric {
  const { severityAt } = metric;
  if (severityAt === undefined) return metric;
  return { ...metric, labels: metric.labels.map((read, at) => (at === severityAt ? () => severity : read)) };
}
