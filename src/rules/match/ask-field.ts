import { compileLiteralScan, type LiteralScan } from "./grams.js";
import { readerOf, valuesOf } from "./reader.js";
import { textOf } from "./text.js";
import type { FieldAccess } from "./types.js";

/** Everything that rules need of one field (or, for keywords, of any value). */
export interface FieldNeeds {
  readonly field: string | undefined;
  readonly present: number[];
  readonly equal: Map<string, number[]>;
  readonly within: Map<string, number[]>;
}

/** A line's candidates while they are collected; every rule is taken once. */
export interface Collector {
  readonly take: (rules: readonly number[]) => void;
}

/** Asks one field of a subject and takes the rules whose needs it meets. */
export type Ask<S> = (subject: S, collector: Collector) => void;

/** Asks a field: who needs it at all, who needs its text as a whole, who needs something within it. */
export function askField<S>(needs: FieldNeeds, field: string, access: FieldAccess<S>): Ask<S> {
  const { get, folded } = readerOf(access, field);
  const { present, equal } = needs;
  const probe = compileProbe(needs);
  const onlyPresence = equal.size === 0 && needs.within.size === 0;
  const askValue = (value: unknown, collector: Collector, depth: number): void => {
    if (Array.isArray(value)) {
      // Deeper arrays than tests look into hold nothing that could match.
      if (depth > 64) return;
      for (const element of value) askValue(element, collector, depth + 1);
      return;
    }
    const text = textOf(value);
    if (text !== undefined) probe(text, folded, collector);
  };
  return (subject, collector) => {
    const value = get(subject);
    if (value === undefined) return;
    if (present.length > 0) collector.take(present);
    if (!onlyPresence) askValue(value, collector, 0);
  };
}

/** Asks every value of the event, for keywords. */
export function askValues<S>(needs: FieldNeeds, access: FieldAccess<S>): Ask<S> {
  const { values, folded } = valuesOf(access);
  const probe = compileProbe(needs);
  return (subject, collector) => {
    let place = 0;
    for (const value of values(subject)) {
      if (place === 0 && needs.present.length > 0) collector.take(needs.present);
      const text = textOf(value);
      const at = place;
      if (text !== undefined) probe(text, (whole) => folded(whole, at), collector);
      place++;
    }
  };
}

/** Takes the rules that need one text: as a whole, by one look into a map, or within it, by one scan. */
function compileProbe(
  needs: FieldNeeds,
): (text: string, folded: (text: string) => string, collector: Collector) => void {
  const { equal, within } = needs;
  const literals = [...within.keys()];
  const byLiteral = [...within.values()];
  const scan: LiteralScan | undefined = literals.length > 0 ? compileLiteralScan(literals) : undefined;
  const longest = Math.max(0, ...Array.from(equal.keys(), (text) => text.length));
  return (text, folded, collector) => {
    if (text.length <= longest) {
      const rules = equal.get(folded(text));
      if (rules !== undefined) collector.take(rules);
    }
    if (scan !== undefined) scan(folded(text), (literal) => collector.take(byLiteral[literal]!));
  };
}
