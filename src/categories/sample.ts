import type { RuleMark, TrainingTarget } from "../core/decision.js";
import { jsonText, parseExactly, quoteJson } from "./formats/json-text.js";
import type { RefusedLines } from "./refusals.js";

/**
 * How samples wait in a staged file: first a line with the schema, then one JSON array a sample,
 * `[ts, [features …], label, [fields …], weight, container, rule, definition]`, what a sample does not have being null; and
 * between them `{"refused": [[why, field, lines], …]}`, the lines that were refused before the sample that follows.
 */
export interface SampleSchema {
  readonly version: 2;
  readonly dataset: string;
  readonly format: "npz" | "pkl";
  readonly features: readonly string[];
  /** How many numbers each feature has, in every sample; null where that may differ (pkl). */
  readonly widths: readonly number[] | null;
  readonly label: string | null;
  /** Names of the classes, by number. */
  readonly classes: readonly string[] | null;
  readonly weight: string | null;
  readonly fields: readonly string[];
}

/** What a sample holds. Long integers are bigints. */
export interface SampleValues {
  readonly ts: string;
  readonly features: readonly (number | bigint)[];
  /** With classes, the number of one for npz, its name for pkl. */
  readonly label: unknown;
  readonly fields: readonly unknown[];
  /** Null where the rule names none. */
  readonly weight: number | null;
}

/** A sample as it is read back, with where it came from. */
export interface Sample extends SampleValues {
  readonly container: string;
  readonly rule: RuleMark;
}

export function schemaLine(target: TrainingTarget, widths: readonly number[] | null): string {
  const schema: SampleSchema = {
    version: 2,
    dataset: target.dataset,
    format: target.format,
    features: target.features.map(({ name }) => name),
    widths,
    label: target.label?.name ?? null,
    classes: target.classes ?? null,
    weight: target.weight?.name ?? null,
    fields: target.fields.map(({ name }) => name),
  };
  return `${JSON.stringify(schema)}\n`;
}

/** The end of a sample's line: samples come in runs that have it in common, so it is made once for each. */
export function originText(container: string, { id, definition }: RuleMark): string {
  return `,${quoteJson(container)},${quoteJson(id)},"${definition}"]\n`;
}

/** Joined by hand: writing the array with jsonText took twice as long a sample (2.4 against 1.2 µs). */
export function sampleLine({ ts, features, label, fields, weight }: SampleValues, origin: string): string {
  return `["${ts}",[${listText(features)}],${jsonText(label)},[${listText(fields)}],${jsonText(weight)}${origin}`;
}

function listText(values: readonly unknown[]): string {
  let text = "";
  for (let at = 0; at < values.length; at += 1)
    text += at === 0 ? jsonText(values[at]) : `,${jsonText(values[at])}`;
  return text;
}

export function refusedLine(refused: readonly RefusedLines[]): string {
  return `${JSON.stringify({ refused: refused.map(({ why, field, lines }) => [why, field, lines]) })}\n`;
}

export function parseSchema(line: string): SampleSchema {
  return JSON.parse(line) as SampleSchema;
}

/** Undefined for a line with a sample. */
export function parseRefused(line: string): RefusedLines[] | undefined {
  if (!line.startsWith("{")) return undefined;
  const { refused } = JSON.parse(line) as { refused: [RefusedLines["why"], string, number][] };
  return refused.map(([why, field, lines]) => ({ why, field, lines }));
}

export function parseSample(line: string): Sample {
  const [ts, features, label, fields, weight, container, id, definition] = parseExactly(line) as [
    string,
    number[],
    unknown,
    unknown[],
    number | null,
    string,
    string,
    string,
  ];
  return { ts, features, label, fields, weight, container, rule: { id, definition } };
}

/** Field names that don't meet each other or the reserved ones: a name that is taken gets a number. */
export function uniqueNames(reserved: readonly string[], names: readonly string[]): string[] {
  const taken = new Set(reserved);
  return names.map((name) => {
    let free = name;
    for (let number = 2; taken.has(free); number += 1) free = `${name}_${number}`;
    taken.add(free);
    return free;
  });
}
