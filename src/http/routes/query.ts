import { z } from "zod";
import { startTime } from "../../config/since.js";
import { LEVELS } from "../../core/level.js";
import { levelOfWord } from "../../core/level-words.js";
import type { Category } from "../../core/record.js";
import { HISTOGRAM_KINDS } from "../../search/columns.js";

/** What is asked for stands in the address, so that it can be kept and shared. */
export const SEARCHED = ["raw", "tagged", "summary"] as const satisfies readonly Category[];

const list = z
  .string()
  .transform((text) => text.split(","))
  .pipe(z.array(z.enum(SEARCHED)).min(1));

/** A whole number from 0 on. */
export const number = (otherwise: number, most: number) =>
  z.coerce.number().int().min(0).max(most).default(otherwise);

/** A duration back from now, or a time: as `--since` has it. @throws SidecarError SETTINGS_INVALID */
export const time = (name: string) => z.string().transform((text) => startTime(text, name));

const wanted = {
  /** Words, phrases, fields: see docs/SEARCH.md. */
  q: z.string().max(10_000).default(""),
  where: z.string().max(10_000).optional(),
  component: z.string().optional(),
  level: z
    .string()
    .transform((word) => levelOfWord(word) ?? word)
    .pipe(z.enum(LEVELS))
    .optional(),
};

export const searchQuery = z.strictObject({
  ...wanted,
  category: list.default([...SEARCHED]),
  since: time("since").optional(),
  until: time("until").optional(),
  limit: number(200, 1_000_000),
  context: number(0, 1_000),
  /** `jsonl`: as stored; `csv`: a table; by default each with its place, for the page. */
  format: z.enum(["entries", "jsonl", "csv"]).default("entries"),
});

export const histogramQuery = z.strictObject({
  ...wanted,
  category: list.optional(),
  by: z.enum(HISTOGRAM_KINDS).default("level"),
  since: time("since").optional(),
  until: time("until").optional(),
  buckets: number(120, 2_000),
});

export const tailQuery = z.strictObject({
  ...wanted,
  category: z.enum(SEARCHED).default("raw"),
  last: number(50, 1_000),
});
