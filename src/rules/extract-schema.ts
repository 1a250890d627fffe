import { z } from "zod";
import { recordNames } from "./fields.js";
import { compileRegex } from "./match/regexp/compile.js";
import { findGroups, type GroupFinder } from "./match/regexp/groups.js";

/** The shape of `extract` in native rules: fields that a rule takes out of a text by the named groups of a regular expression. */

export const EXTRACT_TYPES = ["text", "int", "float"] as const;
export type ExtractType = (typeof EXTRACT_TYPES)[number];

export interface ExtractSource {
  /** The field whose text is searched. */
  readonly from: string;
  readonly pattern: string;
  readonly types: Readonly<Record<string, ExtractType>>;
  readonly groups: GroupFinder;
  /** Texts of which every match holds one, in folded case; undefined where none is known. */
  readonly required: readonly string[] | undefined;
}

const NO_FLAGS = { ignoreCase: false, multiline: false, dotAll: false } as const;

const written = z.strictObject(
  {
    from: z.string().trim().min(1).default("message"),
    pattern: z.string().min(1),
    types: z.record(z.string(), z.enum(EXTRACT_TYPES)).default({}),
  },
  {
    error: (issue) =>
      issue.code === "invalid_type" ? "must be a pattern, or a map with `pattern`" : undefined,
  },
);

/** A pattern alone, a map with more, or a list of these. */
export const extractSchema = z.unknown().transform((value, context): ExtractSource[] => {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0) context.addIssue({ code: "custom", message: "names no pattern" });
  return list.flatMap((one, at) => {
    const path = Array.isArray(value) ? [at] : [];
    const read = written.safeParse(typeof one === "string" ? { pattern: one } : one);
    if (!read.success) {
      for (const issue of read.error.issues) {
        context.issues.push({ ...issue, path: [...path, ...issue.path], input: value } as never);
      }
      return [];
    }
    const made = compiled(read.data);
    if (typeof made !== "string") return [made];
    context.addIssue({
      code: "custom",
      path: [...path, ...(typeof one === "string" ? [] : ["pattern"])],
      message: made,
    });
    return [];
  });
});

/** Ready to be searched with, or what is wrong with it. */
function compiled(source: z.infer<typeof written>): ExtractSource | string {
  const { pattern, types } = source;
  const test = compileRegex(pattern, NO_FLAGS);
  if ("reason" in test) return `the regular expression is refused: ${test.reason}`;
  const groups = findGroups(pattern, test.test);
  if ("reason" in groups) return `the regular expression is refused: ${groups.reason}`;
  if (groups.names.length === 0)
    return "it names no group; write (?<client>…) around what the field is to hold";
  const taken = groups.names.find((name) => recordNames.includes(name));
  if (taken !== undefined) return `\`${taken}\` is a field that each record has; call the group otherwise`;
  const stray = Object.keys(types).find((name) => !groups.names.includes(name));
  if (stray !== undefined)
    return `\`types\` names \`${stray}\`, which is no group of it (${groups.names.join(", ")})`;
  return { ...source, groups, required: test.required };
}
