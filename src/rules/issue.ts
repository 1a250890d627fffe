import type { z } from "zod";
import type { Spot } from "./document.js";
import { didYouMean } from "./problems.js";

/** A spot in the document and the words for what is wrong there. */
export interface SpotProblem extends Spot {
  readonly message: string;
  /** No mistake, but not to be had here. */
  readonly unsupported?: boolean;
}

/** Puts what a schema refused into the words of the rule language, one problem for each slip. */
export function issueProblems(error: z.ZodError, schema: z.ZodType, value: unknown): SpotProblem[] {
  const unknown = error.issues.flatMap((issue) => {
    if (issue.code !== "unrecognized_keys") return [];
    const known = keysAt(schema, issue.path);
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      atKey: true,
      message: unknownKey(key, known),
    }));
  });
  const others = error.issues
    .filter((issue) => issue.code !== "unrecognized_keys")
    .map((issue) => ({ path: issue.path, message: issueText(issue, valueAt(value, issue.path)) }))
    .filter((problem) => !unknown.some((slip) => isMeantBy(problem, slip)));
  return [...others, ...unknown];
}

/** A key that is missing because it is misspelt is told about once. */
function isMeantBy(missing: SpotProblem, slip: SpotProblem): boolean {
  const key = String(missing.path.at(-1));
  return (
    missing.message.endsWith("is missing") &&
    missing.path.length === slip.path.length &&
    slip.message.endsWith(`did you mean \`${key}\`?`)
  );
}

/** For a key that stands where it is not known. */
export function unknownKey(key: string, known: readonly string[]): string {
  const hint = didYouMean(key, known);
  if (hint !== "") return `unknown key \`${key}\`${hint}`;
  return `unknown key \`${key}\`${known.length === 0 ? "" : `; known here: ${known.join(", ")}`}`;
}

function issueText(issue: z.core.$ZodIssue, value: unknown): string {
  const key = issue.path.findLast((part) => typeof part === "string");
  const name = key === undefined ? "this" : `\`${key}\``;
  if (value === undefined) return `${name} is missing`;
  if (issue.code === "invalid_value") {
    const allowed = issue.values.map(String);
    const hint = typeof value === "string" ? didYouMean(value, allowed) : "";
    return `${name} is ${shown(value)}; it can be ${allowed.join(", ")}${hint}`;
  }
  if (issue.code === "invalid_type") {
    const quotes = issue.expected === "string" && typeof value === "number" ? "; put it in quotes" : "";
    return `${name} is ${shown(value)} where ${KINDS[issue.expected] ?? issue.expected} is meant${quotes}`;
  }
  if (issue.code === "too_small") return `${name} is empty`;
  if (issue.code === "too_big") return `${name} is longer than ${issue.maximum} characters`;
  return `${name} is ${shown(value)}; ${issue.message}`;
}

const KINDS: Readonly<Record<string, string>> = {
  object: "a map",
  record: "a map",
  array: "a list",
  string: "a text",
  boolean: "true or false",
  number: "a number",
};

/** A value as people call it: short ones as they stand, others by their kind. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "a map";
  if (value === null) return "empty (null)";
  return JSON.stringify(value).slice(0, 60);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== "object" || current === null) return undefined;
    current = (current as Record<PropertyKey, unknown>)[key];
  }
  return current;
}

/** The keys that a schema knows at a path, through its optional, nullable and default wrappers. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let current = unwrap(schema);
  for (const key of path) current = unwrap(current?.shape?.[key as string] ?? current?.element);
  return Object.keys(current?.shape ?? {});
}

interface SchemaDef {
  readonly shape?: Record<string, z.ZodType>;
  readonly element?: z.ZodType;
  readonly innerType?: z.ZodType;
}

function unwrap(schema: z.ZodType | undefined): SchemaDef | undefined {
  let def = schema?.def as SchemaDef | undefined;
  while (def?.innerType !== undefined) def = def.innerType.def as SchemaDef;
  return def;
}
