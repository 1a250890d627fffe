import { z } from "zod";
import { parseDays } from "./units.js";

/** Days after a segment's date; undefined: never. */
export type Days = number | undefined;

/** What happens to the segments of a category, by their age in days. */
export interface Ages {
  readonly compress: Days;
  /** Moved below archive/. */
  readonly archive: Days;
}

/** How long the files of each category stay and how. */
export interface RetentionPolicy {
  readonly raw: Ages & { readonly delete: Days };
  readonly summary: Ages & { readonly delete: Days };
  readonly training: Ages & { readonly delete: Days };
  /** Deletion is the rules' matter: `permanent`, or the duration that the folder is named after. */
  readonly tagged: Ages;
}

export const DEFAULT_POLICY: RetentionPolicy = {
  raw: { compress: 1, archive: 3, delete: 7 },
  summary: { compress: 7, archive: 30, delete: 90 },
  training: { compress: 30, archive: 90, delete: undefined },
  tagged: { compress: 90, archive: 365 },
};

const DAYS_MEANT = "expected days, weeks or years such as 7d, 2w or 1y, or never";

const days = z.string({ error: DAYS_MEANT }).transform((value, context): Days => {
  if (value === "never" || value === "keep") return undefined;
  const count = parseDays(value);
  if (count !== undefined && count >= 1) return count;
  context.addIssue({ code: "custom", message: DAYS_MEANT });
  return z.NEVER;
});

const AGES_MEANT = "expected a map of ages such as {compress: 1d, archive: 3d, delete: 7d}";

const ages = { compress: days.optional(), archive: days.optional() };
const category = z.strictObject(
  { ...ages, delete: days.optional() },
  { error: (issue) => (issue.code === "invalid_type" ? AGES_MEANT : undefined) },
);
const tagged = z.strictObject(ages, {
  error: (issue) =>
    issue.code === "unrecognized_keys" && issue.keys.includes("delete")
      ? "how long tagged records are kept is said by the rules: `retention` of the rule, permanent or a duration"
      : issue.code === "invalid_type"
        ? "expected a map of ages such as {compress: 90d, archive: 365d}"
        : undefined,
});

/** What is left out is as it is by default; `{raw: {delete: 14d}}` changes one age alone. */
export const retentionSchema = z
  .strictObject(
    {
      raw: category.optional(),
      summary: category.optional(),
      training: category.optional(),
      tagged: tagged.optional(),
    },
    {
      error: (issue) =>
        issue.code === "invalid_type"
          ? "expected ages by category, such as {raw: {delete: 14d}, summary: {delete: 90d}}"
          : undefined,
    },
  )
  .transform(
    (said): RetentionPolicy => ({
      raw: { ...DEFAULT_POLICY.raw, ...said.raw },
      summary: { ...DEFAULT_POLICY.summary, ...said.summary },
      training: { ...DEFAULT_POLICY.training, ...said.training },
      tagged: { ...DEFAULT_POLICY.tagged, ...said.tagged },
    }),
  );
