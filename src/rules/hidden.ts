import { isDeepStrictEqual } from "node:util";
import { HidingIndex } from "./hiding-index.js";
import type { NativeRule } from "./native.js";
import type { FilePlace } from "./rule-set.js";

/** A rule that no record can reach, because an earlier one takes all that it would match. */
export interface HiddenRule {
  readonly hidden: NativeRule & FilePlace;
  readonly by: NativeRule & FilePlace;
}

/**
 * Rules hidden where that can be proved: the earlier one matches always, or asks for less of the same.
 * Others may be hidden without it being told here. `compare` is `covers` but for who counts the comparisons: a rule is
 * compared with those that share a value with it, so that a folder of many thousands takes seconds.
 */
export function hiddenRules(
  rules: readonly (NativeRule & FilePlace)[],
  compare: typeof covers = covers,
): HiddenRule[] {
  const index = new HidingIndex(rules.map(({ source }) => source.match));
  return rules.flatMap((hidden, at) => {
    const { match } = hidden.source;
    const found = index
      .candidates(match)
      .find((at) => knowsSame(rules[at]!, hidden) && compare(rules[at]!.source.match, match));
    if (found !== undefined) return [{ hidden, by: rules[found]! }];
    // What a hidden rule would hide, the one that hides it does.
    if (!hidden.source.continue) index.add(at);
    return [];
  });
}

/** Whether a name means the same field to both: rules may extract some of their own. */
function knowsSame(wide: NativeRule, narrow: NativeRule): boolean {
  if (wide.source.match === "always") return true;
  const texts = [wide, narrow].map(({ source: { extract = [] } }) =>
    extract.map(({ from, pattern, types }) => ({ from, pattern, types })),
  );
  return isDeepStrictEqual(texts[0], texts[1]);
}

/** Whether everything that `narrow` matches is matched by `wide` too. False means: not proved. */
export function covers(wide: unknown, narrow: unknown): boolean {
  if (wide === "always" || isDeepStrictEqual(wide, narrow)) return true;
  if (narrow === "always" || hasNames(wide) || hasNames(narrow)) return false;
  if (isMapList(narrow)) return narrow.every((map) => covers(wide, map));
  if (isMapList(wide)) return wide.some((map) => covers(map, narrow));
  if (!isMap(wide) || !isMap(narrow)) return false;
  return Object.entries(wide).every(
    ([key, value]) => Object.hasOwn(narrow, key) && includes(key, value, narrow[key]),
  );
}

/** The narrow one asks for the same field in the same way, with no value that the wide one lacks. */
function includes(key: string, wide: unknown, narrow: unknown): boolean {
  if (isDeepStrictEqual(wide, narrow)) return true;
  if (/\|(all|neq|fieldref|exists)\b/.test(key) || isMap(wide) || isMap(narrow)) return false;
  const values = Array.isArray(wide) ? wide : [wide];
  return (Array.isArray(narrow) ? narrow : [narrow]).every((value) =>
    values.some((other) => isDeepStrictEqual(other, value)),
  );
}

function hasNames(match: unknown): boolean {
  return isMap(match) && Object.hasOwn(match, "condition");
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isMapList(value: unknown): value is Record<string, unknown>[] {
  return Array.isArray(value) && value.length > 0 && value.every(isMap);
}
