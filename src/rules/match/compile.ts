import { type Condition, parseCondition } from "./condition.js";
import { allOf, anyOf, named, negate, type Part } from "./part.js";
import { below, type Place, report } from "./place.js";
import { compileSelection, isMap } from "./selection.js";
import type { FieldAccess, MatchProblem, MatchResult } from "./types.js";

export { buildIndex } from "./candidates.js";
export { fieldPath, headsOf, lookup, scalarsOf } from "./lookup.js";
export { fold, numberOf, objectText, textOf } from "./text.js";
export type * from "./types.js";

/**
 * Compiles a native rule's `match`: a map of fields, a list of maps, keywords, or named selections with their
 * condition. A map is the latter only when it has a `condition` (a string or a list of strings) and everything
 * beside it is a map or a list; otherwise `condition` is a field like any other.
 */
export function compileMatch<S>(match: unknown, access: FieldAccess<S>): MatchResult<S> {
  return isDetection(match)
    ? compileDetection(match, access)
    : compile((place) => compileSelection(match, access, place));
}

/**
 * Compiles a Sigma rule's `detection`: named selections and the `condition` that joins them; several conditions
 * in a list are "or". See the Sigma specification 2.1, sigma-rules-specification.md, "Detection".
 */
export function compileDetection<S>(detection: unknown, access: FieldAccess<S>): MatchResult<S> {
  return compile((place) => {
    if (!isMap(detection)) return report(place, "a detection is a map of selections with a condition");
    const { condition, ...selections } = detection;
    const names = Object.keys(selections);
    if (condition === undefined) return report(place, "the detection has no condition");
    if (names.length === 0) return report(place, "the detection has a condition but no selection");
    const parts = new Map<string, Part<S>>();
    for (const name of names) {
      const part =
        name === "timeframe" && !isSelection(selections[name])
          ? report(
              below(place, name),
              "timeframe belongs to correlation rules, which are not supported yet",
              {
                atKey: true,
              },
            )
          : compileSelection(selections[name], access, below(place, name));
      if (part !== undefined) parts.set(name, named(name, part));
    }
    const conditions = readConditions(condition, below(place, "condition"), names);
    if (conditions === undefined || parts.size < names.length) return undefined;
    return anyOf(conditions.map((single) => joinSelections(single, parts)));
  });
}

function compile<S>(build: (place: Place) => Part<S> | undefined): MatchResult<S> {
  const problems: MatchProblem[] = [];
  const part = build({ path: [], problems });
  if (part === undefined || problems.length > 0) return { problems };
  return {
    compiled: { test: part.test, needs: part.needs, uses: part.uses, explain: part.explain },
    problems,
  };
}

function isDetection(match: unknown): boolean {
  if (!isMap(match)) return false;
  const { condition, ...others } = match;
  const conditional =
    typeof condition === "string" ||
    (Array.isArray(condition) && condition.every((item) => typeof item === "string"));
  const selections = Object.values(others);
  return conditional && selections.length > 0 && selections.every(isSelection);
}

function isSelection(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function readConditions(condition: unknown, place: Place, names: readonly string[]): Condition[] | undefined {
  const texts: unknown[] = Array.isArray(condition) ? condition : [condition];
  if (texts.length === 0) return report(place, "the condition is empty");
  const parsed = texts.map((text, at) => {
    const inside = Array.isArray(condition) ? below(place, at) : place;
    if (typeof text !== "string")
      return report(inside, "a condition is a text such as `selection and not filter`");
    const result = parseCondition(text, names);
    return "message" in result ? report(inside, result.message, { offset: result.offset }) : result;
  });
  return parsed.every((single) => single !== undefined) ? parsed : undefined;
}

function joinSelections<S>(condition: Condition, parts: ReadonlyMap<string, Part<S>>): Part<S> {
  switch (condition.kind) {
    case "selection":
      return parts.get(condition.name)!;
    case "not":
      return negate(joinSelections(condition.inner, parts));
    case "of": {
      const chosen = condition.names.map((name) => parts.get(name)!);
      return condition.all
        ? allOf(chosen, `all of ${condition.pattern}`)
        : anyOf(chosen, `1 of ${condition.pattern}`);
    }
    default: {
      const inner = condition.parts.map((part) => joinSelections(part, parts));
      return condition.kind === "and" ? allOf(inner) : anyOf(inner);
    }
  }
}
