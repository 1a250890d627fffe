import { z } from "zod";
import { OWN_NAMES } from "../core/metric.js";

/** The shape of `metric` in native rules: a value of each record that the rule takes, for Prometheus. */

/** https://prometheus.io/docs/concepts/data_model: names of metrics, and of labels. */
const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;
/** Buckets and quantiles stand in these. */
const TAKEN_LABELS = ["le", "quantile"];

const metricName = z
  .string()
  .max(200)
  .regex(METRIC_NAME, "must be letters, digits, `_` and `:`, such as onnx_inference_seconds")
  .refine((name) => !OWN_NAMES.test(name), "the sidecar itself exports names that begin so");

const field = z.string().trim().min(1);

/** A list of fields that are called so, or a map of label to field. */
const labels = z
  .union(
    [
      z.array(field).transform((list) => list.map((name) => [name, name])),
      z.record(z.string(), field).transform((map) => Object.entries(map)),
    ],
    {
      error: "must be a list of field names, or a map of label to field",
    },
  )
  .superRefine((entries, context) => {
    for (const [name = ""] of entries) {
      if (LABEL_NAME.test(name) && !TAKEN_LABELS.includes(name)) continue;
      context.addIssue({
        code: "custom",
        message: `\`${name}\` can't be a label's name: write a map of label to field, such as { service: compose.service }`,
      });
    }
  })
  .transform((entries) => entries.map(([name = "", from = ""]) => ({ name, field: from })));

const buckets = z
  .array(z.number())
  .min(1)
  .max(50)
  .refine((bounds) => bounds.every((bound, at) => at === 0 || bound > bounds[at - 1]!), "must rise");

export const metricSchema = z
  .strictObject({
    name: metricName,
    type: z.enum(["counter", "histogram", "gauge"]),
    help: z.string().max(500).optional(),
    value: field.optional(),
    labels: labels.default([]),
    buckets: buckets.optional(),
  })
  .superRefine(({ name, type, value, buckets: bounds }, context) => {
    const say = (key: string, message: string) => context.addIssue({ code: "custom", path: [key], message });
    if (type === "counter" && !name.endsWith("_total")) say("name", "the name of a counter ends in `_total`");
    if (type !== "counter" && value === undefined) say("value", `a ${type} needs a field with a number`);
    if (type !== "histogram" && bounds !== undefined) say("buckets", "only a histogram has buckets");
  });

/** One, or several in a list. */
export const metricsSchema = z.unknown().transform((value, context): MetricSource[] => {
  const list = Array.isArray(value) ? value : [value];
  if (list.length === 0) context.addIssue({ code: "custom", message: "names no metric" });
  return list.flatMap((one, at) => {
    const read = metricSchema.safeParse(one);
    if (read.success) return [read.data];
    for (const issue of read.error.issues) {
      const path = Array.isArray(value) ? [at, ...issue.path] : issue.path;
      context.issues.push({ ...issue, path, input: value } as never);
    }
    return [];
  });
});

export type MetricSource = z.infer<typeof metricSchema>;
