import { type Ask, askField, askValues, type Collector, type FieldNeeds } from "./ask-field.js";
import { chooseNeeds, countNeeds } from "./choose-needs.js";
import type { CandidateIndex, CompiledMatch, FieldAccess, Need } from "./types.js";

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
  const fieldsOf = rememberingLookup(byHead);
  let asking: S;
  let at = 0;
  const visit = (key: string): void => {
    const fields = fieldsOf(key, at++);
    if (fields === undefined) return;
    for (let index = 0; index < fields.length; index++) {
      const field = fields[index]!;
      if (fieldStamps[field] === round) continue;
      fieldStamps[field] = round;
      asked[field]!(asking, collector);
    }
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
      asking = subject;
      at = 0;
      access.keys.each(subject, visit);
    }
    if (found.length === 0) return always;
    if (always.length > 0) collector.take(always);
    return found.sort(ascending);
  };
}

/** Keys of the line before are kept: most lines have the same in the same order, and comparing is cheaper than looking up. */
const KEYS_KEPT = 32;
/** Longer keys would keep whole lines in memory. */
const LONGEST_KEY = 64;

/** What the map holds for a key that stands at a place of its object. */
function rememberingLookup<V>(map: ReadonlyMap<string, V>): (key: string, place: number) => V | undefined {
  const keys = new Array<string | undefined>(KEYS_KEPT).fill(undefined);
  const values = new Array<V | undefined>(KEYS_KEPT).fill(undefined);
  return (key, place) => {
    if (keys[place] === key) return values[place];
    const value = map.get(key);
    if (place < KEYS_KEPT && key.length <= LONGEST_KEY) {
      keys[place] = key;
      values[place] = value;
    }
    return value;
  };
}

function ascending(a: number, b: number): number {
  return a - b;
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
