import type { FieldReader } from "../core/decision.js";
import type { LogRecord } from "../core/record.js";
import type { ExtractSource, ExtractType } from "./extract-schema.js";
import { readField } from "./fields.js";
import type { SpotProblem } from "./issue.js";
import { numberOf, textOf } from "./match/text.js";
import type { CompiledMatch, Need } from "./match/types.js";
import { valueUse } from "./match/uses.js";
import { ratioOf } from "./ratio.js";
import { type Fields, fieldsWith, plainFields } from "./rule-fields.js";
import type { RuleSource } from "./schema.js";

/**
 * The fields as one rule knows them: those that it extracts, and all others. Where nothing is found a name is looked for
 * as ever, so that a rule serves text and JSON of the same app.
 */
export function extractedFields(sources: readonly ExtractSource[] | undefined): Fields {
  return sources === undefined ? plainFields : fieldsWith(groupReaders(sources));
}

/** What reads the groups of patterns, by their names; undefined where nothing is found. */
export function groupReaders(sources: readonly ExtractSource[]): ReadonlyMap<string, FieldReader> {
  const readers = new Map<string, FieldReader>();
  for (const source of sources) {
    const find = finder(source);
    for (const name of source.groups.names) {
      const read = typed(source.types[name] ?? "text", (record) => find(record)?.[name]);
      const before = readers.get(name);
      // Of several patterns with a group of that name, the first that finds one counts.
      readers.set(name, before === undefined ? read : (record) => before(record) ?? read(record));
    }
  }
  return readers;
}

/** Edits change what the app said; an extracted field is only read out of it. */
export function editProblems({
  extract,
  set,
  redact,
}: Pick<RuleSource, "extract" | "set" | "redact">): SpotProblem[] {
  return (extract ?? []).flatMap(({ from, groups }) =>
    groups.names.flatMap((name) => {
      const message = `\`${name}\` is extracted and nowhere in the record; change \`${from}\`, which it is read from`;
      return [
        ...(Object.hasOwn(set ?? {}, name) ? [{ path: ["set", name], atKey: true, message }] : []),
        ...(redact?.includes(name) ? [{ path: ["redact", redact.indexOf(name)], message }] : []),
      ];
    }),
  );
}

type Found = Readonly<Record<string, string>> | undefined;

/** A record is asked for each group in turn, by the match and by each target: its text is searched once. */
function finder({ from, groups }: ExtractSource): (record: LogRecord) => Found {
  const read = readField(from);
  let lastText: string | undefined;
  let lastFound: Found;
  return (record) => {
    const value = read(record);
    for (const one of Array.isArray(value) ? value : [value]) {
      const text = textOf(one);
      if (text === undefined) continue;
      if (text !== lastText) {
        lastFound = groups.find(text);
        lastText = text;
      }
      if (lastFound !== undefined) return lastFound;
    }
    return undefined;
  };
}

/** An int beyond 2^53 stays the text that it is, with all its digits; what is no number at all is absent. */
function typed(type: ExtractType, read: (record: LogRecord) => string | undefined): FieldReader {
  if (type === "text") return read;
  return (record) => {
    const text = read(record);
    if (text === undefined) return undefined;
    const number = numberOf(text);
    if (!Number.isFinite(number)) return undefined;
    if (type === "float") return number;
    if (!Number.isInteger(number)) return undefined;
    return Number.isSafeInteger(number) ? number : text;
  };
}

/**
 * The match for those who know no extracted fields. What the index of all rules may ask of a line before the rule is are the
 * texts that the patterns can't do without; what the rule looks at are the texts too that they search.
 */
export function withoutExtracted(
  match: CompiledMatch<LogRecord>,
  sources: readonly ExtractSource[] | undefined,
): CompiledMatch<LogRecord> {
  if (sources === undefined) return match;
  const needs = match.needs.flatMap((list) => {
    const replaced = list.map((need) => neededText(need, sources));
    return replaced.includes(undefined) ? [] : [replaced.flatMap((some) => some ?? [])];
  });
  const uses = match.uses.flatMap((use) => [
    use,
    ...sourcesOf(use.field, sources).map(({ from }) => valueUse(from)),
  ]);
  return { ...match, needs, uses };
}

function sourcesOf(field: string | undefined, sources: readonly ExtractSource[]): readonly ExtractSource[] {
  const asked = ratioOf(field ?? "") ?? [field ?? ""];
  return sources.filter(({ groups }) => asked.some((name) => groups.names.includes(name)));
}

/** Undefined where nothing is known that the line must have. */
function neededText(need: Need, sources: readonly ExtractSource[]): Need[] | undefined {
  const naming = sourcesOf(need.field, sources);
  if (naming.length === 0) return [need];
  if (ratioOf(need.field ?? "") !== undefined) return undefined;
  const texts: Need[] = naming.flatMap(({ from, required }) =>
    required === undefined ? [] : [{ field: from, how: "contains" as const, values: required }],
  );
  // The field's own name is asked for as well: what no pattern finds is looked for there.
  return texts.length < naming.length ? undefined : [need, ...texts];
}
