import { compileCidr } from "./cidr.js";
import { elementOf, overElements } from "./elements.js";
import type { ItemPlan } from "./modifiers.js";
import type { Part } from "./part.js";
import { type PlacedValue, report } from "./place.js";
import { compileRegex } from "./regexp/compile.js";
import type { FieldAccess, Need } from "./types.js";
import type { TextTest } from "./wildcard.js";

/** `re`: searches the text as it is, without folding, for any of the patterns. */
export function compilePatterns<S>(
  plan: ItemPlan,
  values: readonly PlacedValue[],
  access: FieldAccess<S>,
): Part<S> | undefined {
  const tests: TextTest[] = [];
  const literals: string[] = [];
  let known = true;
  for (const { value, place } of values) {
    const compiled = compileRegex(String(value), plan.regexFlags, regexPlace(plan));
    if ("reason" in compiled) {
      return report(place, `the regular expression ${value} is refused: ${compiled.reason}`, {
        offset: compiled.offset,
        unsupported: compiled.unsupported ?? false,
      });
    }
    tests.push(compiled.test);
    if (compiled.required === undefined) known = false;
    else literals.push(...compiled.required);
  }
  const needs = needsOf(plan, known ? literals : undefined);
  return overElements(plan, { test: elementOf(joinTests(tests)), needs, cost: 8 }, access);
}

/** `cidr`: reads the text as an address and asks whether any of the networks has it. */
export function compileCidrs<S>(
  plan: ItemPlan,
  values: readonly PlacedValue[],
  access: FieldAccess<S>,
): Part<S> | undefined {
  const tests: TextTest[] = [];
  for (const { value, place } of values) {
    const test = compileCidr(String(value).trim());
    if (test === undefined) return report(place, `${value} is no network; write 10.0.0.0/8 or fe80::/10`);
    tests.push(test);
  }
  const needs = needsOf(plan, undefined);
  return overElements(plan, { test: elementOf(joinTests(tests)), needs, cost: 3 }, access);
}

function joinTests(tests: readonly TextTest[]): TextTest {
  const [only] = tests;
  if (only !== undefined && tests.length === 1) return only;
  return (text) => {
    for (let at = 0; at < tests.length; at++) if (tests[at]!(text)) return true;
    return false;
  };
}

/** The literals if they are known, the field itself if it has a name, and else nothing. */
function needsOf(plan: ItemPlan, literals: readonly string[] | undefined): readonly (readonly Need[])[] {
  const field = plan.field === "" ? undefined : plan.field;
  if (literals !== undefined) return [[{ field, how: "contains", values: literals }]];
  return field === undefined ? [] : [[{ field, how: "present", values: [] }]];
}

/** For a pattern `contains` changes nothing, the other two pin it to an end of the text. */
function regexPlace(plan: ItemPlan): { atStart: boolean; atEnd: boolean } {
  const widened = plan.transforms.filter((transform) => transform.kind === "widen");
  const front = widened.some((transform) => transform.front);
  const behind = widened.some((transform) => transform.behind);
  return { atStart: behind && !front, atEnd: front && !behind };
}
