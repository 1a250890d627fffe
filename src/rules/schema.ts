import { z } from "zod";
import { SEVERITIES } from "../core/decision.js";
import { CATEGORIES } from "../core/record.js";
import { AGGREGATES } from "../core/windows.js";
import { actionShape } from "./action-schema.js";
import { extractSchema } from "./extract-schema.js";
import { metricsSchema } from "./metric-schema.js";
import { readGrace, readWindowLength } from "./window-length.js";

/**
 * The shape of native rule files, written once: the loader parses with it, and the words of its complaints
 * (issue.ts) take the known names from it. What stands under `match` belongs to the matching language.
 */

const text = z.string().trim().min(1);

/** Table, dataset and column names become folders, CSV headers and array names. */
const name = text.max(100);

/** Ids are joined by commas in the files. */
const ruleId = z
  .string()
  .min(1)
  .max(100)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  .regex(/^[^\s,\u0000-\u001f\u007f]+$/, "an id has no spaces and no commas");

export interface FieldName {
  /** The column or array name. */
  readonly name: string;
  /** Where its value is read. */
  readonly field: string;
}

/** A map of name to field, or a list of fields that keep their names. */
const fields = z.unknown().transform((value, context): FieldName[] => {
  if (Array.isArray(value) || (typeof value === "object" && value !== null)) {
    const listed = Array.isArray(value);
    const entries = Object.entries(value);
    if (entries.length === 0) context.addIssue({ code: "custom", message: "names no field" });
    return entries.map(([key, field]): FieldName => {
      if (typeof field === "string" && field.trim() !== "") return { name: listed ? field : key, field };
      context.addIssue({
        code: "custom",
        path: [listed ? Number(key) : key],
        message: "must be a field's name",
      });
      return { name: key, field: key };
    });
  }
  context.addIssue({ code: "custom", message: "must be a list of field names, or a map of name to field" });
  return [];
});

const severity = z.enum(SEVERITIES);

export const retentionForm = /^(permanent|[1-9]\d{0,4}(d|w|y))$/;

/** `severity: high`, or read from the event with another to fall back on. */
const severityChoice = z.unknown().transform((value, context) => {
  const chosen = (
    typeof value === "object" ? z.strictObject({ from: text, otherwise: severity }) : severity
  ).safeParse(value);
  if (chosen.success) return chosen.data;
  for (const issue of chosen.error.issues) context.issues.push({ ...issue, input: value } as never);
  return z.NEVER;
});

const stringList = z
  .union([z.string(), z.array(z.string())], { error: "must be a text or a list of texts" })
  .transform((value) => (typeof value === "string" ? [value] : value));

/** Milliseconds of what `read` understands, or its words for what is wrong. */
function length(read: (value: unknown) => number | string) {
  return z.unknown().transform((value, context) => {
    const ms = read(value);
    if (typeof ms === "number") return ms;
    context.addIssue({ code: "custom", message: ms });
    return z.NEVER;
  });
}

/** These say how windows are made, so they mean nothing without their length. */
const WINDOW_KEYS = ["by", "aggregates", "grace"] as const;

const summarySchema = z
  .strictObject({
    table: name,
    columns: fields.optional(),
    every: length(readWindowLength).optional(),
    by: fields.optional(),
    aggregates: z.array(z.enum(AGGREGATES)).min(1).optional(),
    grace: length(readGrace).optional(),
  })
  .superRefine((summary, context) => {
    const say = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: [path], message });
    if (summary.every !== undefined) return;
    // Without windows the columns are the row.
    if (summary.columns === undefined) say("columns", "is missing");
    for (const key of WINDOW_KEYS) {
      if (summary[key] !== undefined) say(key, "it needs `every`, the length of the windows, beside it");
    }
  });

export const targetsSchema = z.strictObject({
  raw: z.strictObject({}).nullable().optional(),
  summary: summarySchema.optional(),
  training: z
    .strictObject({
      dataset: name,
      features: z.array(text).min(1),
      label: text.optional(),
      classes: z.array(text).min(2).optional(),
      weight: text.optional(),
      fields: fields.optional(),
      format: z.enum(["npz", "pkl"]).default("npz"),
    })
    .optional(),
  tagged: z
    .strictObject({
      tags: stringList.default([]),
      /** Medium, or what a Sigma rule says of itself. */
      severity: severityChoice.optional(),
      retention: z
        .custom<string>(
          (value) => typeof value === "string" && retentionForm.test(value),
          "must be `permanent` or a number of days, weeks or years such as 90d, 12w, 2y",
        )
        .default("permanent"),
    })
    .nullable()
    .optional(),
});

export const ruleSchema = z.strictObject({
  id: ruleId,
  description: z.string().optional(),
  match: z.unknown(),
  extract: extractSchema.optional(),
  to: targetsSchema.optional(),
  continue: z.boolean().default(false),
  drop: z.boolean().default(false),
  metric: metricsSchema.optional(),
  ...actionShape,
});

/** What happens to a line that no rule matches. */
export const defaultSchema = z.strictObject({
  to: targetsSchema.optional(),
  drop: z.boolean().default(false),
});

export const testSchema = z.strictObject({
  description: z.string().optional(),
  line: z.unknown().refine((line) => typeof line === "string" || isPlainMap(line), {
    error: "must be the text of a line, or a map that becomes a JSON line",
  }),
  container: z
    .strictObject({
      name: text.optional(),
      image: text.optional(),
      labels: z.record(z.string(), z.string()).optional(),
    })
    .optional(),
  stream: z.enum(["stdout", "stderr"]).default("stdout"),
  rule: z.string().nullable().optional(),
  sigma: stringList.optional(),
  to: z.array(z.enum(CATEGORIES)).optional(),
  values: z.record(z.string(), z.unknown()).optional(),
  metrics: z.record(z.string(), z.number()).optional(),
  tags: stringList.optional(),
  severity: severity.optional(),
});

export const fileSchema = z.strictObject({
  rules: z.array(z.unknown()).optional(),
  default: z.unknown().optional(),
  tests: z.array(z.unknown()).optional(),
});

export type TargetsSource = z.infer<typeof targetsSchema>;
export type RuleSource = z.infer<typeof ruleSchema>;
export type TestSource = z.infer<typeof testSchema>;

function isPlainMap(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
