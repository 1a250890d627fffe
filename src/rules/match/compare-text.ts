import { elementOf, overElements, overFoldedValues, part } from "./elements.js";
import type { ItemPlan } from "./modifiers.js";
import type { Part } from "./part.js";
import { type PlacedValue, report } from "./place.js";
import { readerOf } from "./reader.js";
import { anyElement, textOf } from "./text.js";
import { compileVariants, expandValue, foldVariants } from "./texts.js";
import type { Token } from "./tokens.js";
import type { FieldAccess } from "./types.js";
import { longestPlain, needOfVariants } from "./variant-needs.js";

/** Compares with texts and wildcards, of which any may match; whole, or searched for in keywords. */
export function compileText<S>(
  plan: ItemPlan,
  values: readonly PlacedValue[],
  access: FieldAccess<S>,
): Part<S> | undefined {
  const variants: (readonly Token[])[] = [];
  for (const { value, place } of values) {
    const expanded = expandValue(value, plan);
    if ("reason" in expanded) return report(place, expanded.reason);
    variants.push(...expanded);
  }
  const needs = [needOfVariants(plan.field === "" ? undefined : plan.field, variants)];
  const longest = longestPlain(variants);
  const cost = longest === undefined ? 2 : 1;
  if (plan.cased) {
    return overElements(plan, { test: elementOf(compileVariants(variants)), needs, cost }, access);
  }
  const test = compileVariants(foldVariants(variants));
  if (plan.field === "") return overFoldedValues(test, needs, access);
  // The test of nearly all items of nearly all rules, hence written out for strings. Folding keeps the length,
  // so a text that is longer than all values needs not be folded to be told apart from them.
  const { get, folded } = readerOf(access, plan.field);
  const limit = longest ?? Number.POSITIVE_INFINITY;
  const element = (value: unknown): boolean => {
    const text = textOf(value);
    return text !== undefined && text.length <= limit && test(folded(text));
  };
  return part(
    (subject) => {
      const value = get(subject);
      if (typeof value === "string") return value.length <= limit && test(folded(value));
      return value !== undefined && value !== null && anyElement(value, element);
    },
    { needs, cost },
  );
}
