import type { CompiledMatch, ExplainNode, Need, Predicate } from "./types.js";

/** A piece of a rule compiled: its test, what it needs, how it is explained, and roughly what it costs. */
export interface Part<S> extends CompiledMatch<S> {
  /** 1 for an equality, 2 for a search in a text, 8 for a regular expression, 20 for keywords; sums above. */
  readonly cost: number;
}

/** All must hold. Cheap parts are asked first; the explanation keeps the order of the rule. */
export function allOf<S>(parts: readonly Part<S>[], text = "all of"): Part<S> {
  if (parts.length === 1) return parts[0]!;
  const tests = [...parts].sort((a, b) => a.cost - b.cost).map((part) => part.test);
  const test = joinAll(tests);
  return {
    test,
    needs: parts.flatMap((part) => part.needs),
    uses: parts.flatMap((part) => part.uses),
    explain: { text, test, children: parts.map((part) => part.explain) },
    cost: parts.reduce((sum, part) => sum + part.cost, 0),
  };
}

/** One must hold. */
export function anyOf<S>(parts: readonly Part<S>[], text = "any of"): Part<S> {
  if (parts.length === 1) return parts[0]!;
  const test = joinAny(parts.map((part) => part.test));
  return {
    test,
    needs: joinNeeds(parts),
    uses: parts.flatMap((part) => part.uses),
    explain: { text, test, children: parts.map((part) => part.explain) },
    cost: parts.reduce((sum, part) => sum + part.cost, 0),
  };
}

/** Must not hold. Nothing is needed for what is absent. */
export function negate<S>(part: Part<S>, text = "not"): Part<S> {
  const { test: inner } = part;
  const test: Predicate<S> = (subject) => !inner(subject);
  const explain = { text, test, children: [part.explain] };
  return { test, needs: [], uses: part.uses, explain, cost: part.cost };
}

/** The same part under a heading: a selection's name. */
export function named<S>(name: string, part: Part<S>): Part<S> {
  const explain: ExplainNode<S> = { text: name, test: part.test, children: [part.explain] };
  return { ...part, explain };
}

/** How telling a list of needs is, before the other rules are known: a search beats presence, equality beats both. */
function weight(needs: readonly Need[]): number {
  return Math.min(...needs.map(({ how }) => (how === "equals" ? 3 : how === "contains" ? 2 : 1)));
}

/** What an alternative needs: the most telling list of each of its branches, together. */
function joinNeeds<S>(parts: readonly Part<S>[]): readonly (readonly Need[])[] {
  const joined: Need[] = [];
  for (const { needs } of parts) {
    let best = needs[0];
    if (best === undefined) return [];
    for (const other of needs) if (weight(other) > weight(best)) best = other;
    joined.push(...best);
  }
  return [joined];
}

function joinAll<S>(tests: readonly Predicate<S>[]): Predicate<S> {
  const [first, second, third] = tests;
  if (first !== undefined && second !== undefined && tests.length === 2) {
    return (subject) => first(subject) && second(subject);
  }
  if (first !== undefined && second !== undefined && third !== undefined && tests.length === 3) {
    return (subject) => first(subject) && second(subject) && third(subject);
  }
  return (subject) => {
    for (let at = 0; at < tests.length; at++) if (!tests[at]!(subject)) return false;
    return true;
  };
}

function joinAny<S>(tests: readonly Predicate<S>[]): Predicate<S> {
  return (subject) => {
    for (let at = 0; at < tests.length; at++) if (tests[at]!(subject)) return true;
    return false;
  };
}
