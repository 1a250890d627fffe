import { compileLiteralScan, type LiteralScan } from "./grams.js";
import { readerOf, valuesOf } from "./reader.js";
import { textOf } from "./text.js";
import type { CandidateIndex, CompiledMatch, FieldAccess, Need } from "./types.js";

/** Everything that rules need of one field (or, for keywords, of any value). */
interface FieldNeeds {
  readonly field: string | undefined;
  readonly present: number[];
  readonly equal: Map<string, number[]>;
  readonly within: Map<string, number[]>;
}

/** A line's candidates while they are collected; every rule is taken once. */
interface Collector {
  readonly take: (rules: readonly number[]) => void;
}

/** Asks one field of a subject and takes the rules whose needs it meets. */
type Ask<S> = (subject: S, collector: Collector) => void;

/**
 * An index over many rules: for each, one necessary condition is chosen (the one that the fewest rules share), and
 * a line is asked only for the fields that it has. So a thousand rules about fields that a line lacks, or with
 * other values, cost no more than a few. Rules without a known need are candidates always.
 */
export function buildIndex<S>(rules: readonly CompiledMatch<S>[], access: FieldAccess<S>): CandidateIndex<S> {
  const fields = new Map<string | undefined, FieldNeeds>();
  const always: number[] = [];
  const frequency = countNeeds(rules);
  for (const [rule, { needs }] of rules.entries()) {
    const chosen = chooseNeeds(needs, frequency);
    if (chosen === undefined) always.push(rule);
    else for (const need of chosen) addNeed(fields, need, rule);
  }
  const byHead = new Map<string, number[]>();
  const asked: Ask<S>[] = [];
  const unconditional: number[] = [];
  for (const needs of fields.values()) {
    const ask = needs.field === undefined ? askValues(needs, access) : askField(needs, needs.field, access);
    const at = asked.push(ask) - 1;
    const heads = needs.field === undefined ? undefined : access.keys?.heads(needs.field);
    if (heads === undefined) unconditional.push(at);
    else for (const head of new Set(heads)) byHead.set(head, [...(byHead.get(head) ?? []), at]);
  }
  return candidates({ rules: rules.length, always, asked, unconditional, byHead }, access);
}

interface Plan<S> {
  readonly rules: number;
  readonly always: readonly number[];
  readonly asked: readonly Ask<S>[];
  /** Positions in `asked` of fields that any line may have. */
  readonly unconditional: readonly number[];
  /** By top-level key: positions in `asked` of the fields that may be found under it. */
  readonly byHead: ReadonlyMap<string, readonly number[]>;
}

function candidates<S>(plan: Plan<S>, access: FieldAccess<S>): CandidateIndex<S> {
  const { always, asked, unconditional, byHead } = plan;
  // Stamps say in which round a rule or field was taken last, so that nothing needs to be cleared between lines.
  const ruleStamps = new Uint32Array(plan.rules);
  const fieldStamps = new Uint32Array(asked.length);
  let round = 0;
  let found: number[] = [];
  const collector: Collector = {
    take: (rules) => {
      for (let at = 0; at < rules.length; at++) {
        const rule = rules[at]!;
        if (ruleStamps[rule] === round) continue;
        ruleStamps[rule] = round;
        found.push(rule);
      }
    },
  };
  return (subject) => {
    if (++round === 0xffffffff) {
      ruleStamps.fill(0);
      fieldStamps.fill(0);
      round = 1;
    }
    if (found.length > 0) found = [];
    for (let at = 0; at < unconditional.length; at++) asked[unconditional[at]!]!(subject, collector);
    if (byHead.size > 0 && access.keys !== undefined) {
      for (const key of access.keys.of(subject)) {
        const fields = byHead.get(key);
        if (fields === undefined) continue;
        for (let at = 0; at < fields.length; at++) {
          const field = fields[at]!;
          if (fieldStamps[field] === round) continue;
          fieldStamps[field] = round;
          asked[field]!(subject, collector);
        }
      }
    }
    if (found.length === 0) return always;
    if (always.length > 0) collector.take(always);
    return found.sort(ascending);
  };
}

function ascending(a: number, b: number): number {
  return a - b;
}

function askField<S>(needs: FieldNeeds, field: string, access: FieldAccess<S>): Ask<S> {
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

function askValues<S>(needs: FieldNeeds, access: FieldAccess<S>): Ask<S> {
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

function addNeed(fields: Map<string | undefined, FieldNeeds>, need: Need, rule: number): void {
  let known = fields.get(need.field);
  if (known === undefined) {
    known = { field: need.field, present: [], equal: new Map(), within: new Map() };
    fields.set(need.field, known);
  }
  if (need.how === "present") known.present.push(rule);
  else {
    const map = need.how === "equals" ? known.equal : known.within;
    for (const value of need.values) {
      const rules = map.get(value);
      if (rules === undefined) map.set(value, [rule]);
      else rules.push(rule);
    }
  }
}

function countNeeds<S>(rules: readonly CompiledMatch<S>[]): ReadonlyMap<string, number> {
  const frequency = new Map<string, number>();
  for (const { needs } of rules) {
    for (const key of needs.flat().flatMap(keysOf)) frequency.set(key, (frequency.get(key) ?? 0) + 1);
  }
  return frequency;
}

function keysOf(need: Need): string[] {
  const kind = `${need.how}\0${need.field ?? "\0"}\0`;
  return need.how === "present" ? [kind] : need.values.map((value) => kind + value);
}

/** The list of needs that the fewest rules share; searching costs more than looking up, presence tells least. */
function chooseNeeds(
  needs: readonly (readonly Need[])[],
  frequency: ReadonlyMap<string, number>,
): readonly Need[] | undefined {
  let best: readonly Need[] | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const list of needs) {
    let price = 0;
    for (const need of list) {
      const factor = need.how === "equals" ? 1 : need.how === "contains" ? 2 : 50;
      for (const key of keysOf(need)) price += factor * (frequency.get(key) ?? 1);
      if (need.how === "contains" && need.values.some((value) => value.length < 3)) price += 20;
    }
    if (price < least) [best, least] = [list, price];
  }
  return best;
}
