import { parseYaml } from "../config/yaml.js";
import { SidecarError } from "../core/errors.js";
import type { Entry } from "../reading/entries.js";
import { compileMatch, type Predicate } from "../rules/match/compile.js";
import { fieldsOf, type StoredFields, storedAccess } from "./stored-fields.js";
import { type FieldTerm, parseTerms, type TextTerm } from "./terms.js";
import { textTest } from "./text-test.js";

/** What is looked for. */
export interface QueryText {
  /** See `parseTerms`. */
  readonly words: string;
  /** A `match` of the rules' language, as YAML. */
  readonly where?: string | undefined;
}

/** A search, compiled. */
export interface Query {
  /** Texts that every line that is found holds. */
  readonly required: readonly TextTerm[];
  test(entry: Entry): boolean;
}

/**
 * Compiles a search.
 * @throws SidecarError SETTINGS_INVALID for a `where`, or a field's test, that the matching language does not know
 */
export function compileQuery({ words, where }: QueryText): Query {
  const { texts, fields } = parseTerms(words);
  const tests = {
    json: texts.map((term) => ({ not: term.not, holds: textTest(term, "json") })),
    csv: texts.map((term) => ({ not: term.not, holds: textTest(term, "csv") })),
  };
  const matches: { not: boolean; holds: Predicate<StoredFields> }[] = fields.map(({ not, item, value }) => ({
    not,
    holds: compiled({ [item]: value }, item),
  }));
  if (where !== undefined) matches.push({ not: false, holds: compiled(readWhere(where), "where") });
  return {
    required: [...texts.filter(({ not }) => !not), ...fields.flatMap(requiredOf)],
    test(entry) {
      const { text, header } = entry;
      for (const { not, holds } of header === undefined ? tests.json : tests.csv)
        if (holds(text) === not) return false;
      if (matches.length === 0) return true;
      const stored = fieldsOf(entry);
      return matches.every(({ not, holds }) => holds(stored) !== not);
    },
  };
}

/** A field's whole value stands in the line; numbers may be written in other ways than they are asked for. */
function requiredOf({ not, item, value }: FieldTerm): TextTerm[] {
  const isPlain = typeof value === "string" && /^[\w-]{3,}$/.test(value) && /[A-Za-z]{3}/.test(value);
  return isPlain && !not && !item.includes("|")
    ? [{ not, text: value, openStart: false, openEnd: false }]
    : [];
}

function compiled(match: unknown, name: string): Predicate<StoredFields> {
  const result = compileMatch(match, storedAccess);
  if (result.compiled !== undefined) return result.compiled.test;
  throw invalid(`${name}: ${result.problems.map(({ message }) => message).join("; ")}`);
}

function readWhere(text: string): unknown {
  let match: unknown;
  try {
    // `level|gte: error, message|contains: time` is a map to anybody who types it.
    match = parseYaml(/^\s*[[{]/.test(text) || text.includes("\n") ? text : `{${text}}`);
  } catch (cause) {
    throw invalid(`where: ${cause instanceof Error ? cause.message.split("\n")[0] : cause}`, cause);
  }
  mustHaveValues(match);
  return match;
}

/** YAML takes `message:done` for the name of a field without a value, which nearly every record lacks. */
function mustHaveValues(match: unknown): void {
  if (typeof match !== "object" || match === null || Array.isArray(match)) return;
  for (const [name, value] of Object.entries(match)) {
    if (value === null && name.includes(":"))
      throw invalid(`where: \`${name}\` has no value; write \`${name.replace(":", ": ")}\`, with a space`);
  }
}

function invalid(detail: string, cause?: unknown): SidecarError {
  return new SidecarError("SETTINGS_INVALID", detail, {
    cause,
    remedy: "It is a `match` of the rules' language, for example level|gte: error (docs/RULES.md).",
  });
}
