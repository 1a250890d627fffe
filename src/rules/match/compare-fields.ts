import type { ItemPlan } from "./modifiers.js";
import type { Part } from "./part.js";
import { type PlacedValue, report } from "./place.js";
import { readerOf } from "./reader.js";
import { anyElement, textOf } from "./text.js";
import type { FieldAccess, Need, Predicate } from "./types.js";

type Compare = (text: string, other: string) => boolean;

/**
 * `fieldref`: the field's text equals (contains, starts with, ends with) the text of one of the named fields.
 * Nothing in that text is a wildcard. False when either is absent, null too.
 */
export function compileFieldref<S>(
  plan: ItemPlan,
  values: readonly PlacedValue[],
  access: FieldAccess<S>,
): Part<S> | undefined {
  const unnamed = values.find(({ value }) => value === "");
  if (unnamed !== undefined) return report(unnamed.place, "fieldref needs the name of a field");
  const names = values.map(({ value }) => String(value));
  const reader = readerOf(access, plan.field);
  const compare = comparison(plan);
  const tests = names.map((name): Predicate<S> => {
    const other = readerOf(access, name);
    return (subject) => {
      const value = reader.get(subject);
      if (value === undefined) return false;
      const reference = other.get(subject);
      if (reference === undefined) return false;
      return anyElement(value, (element) => {
        const text = textOf(element);
        if (text === undefined) return false;
        return anyElement(reference, (otherElement) => {
          const otherText = textOf(otherElement);
          if (otherText === undefined) return false;
          return plan.cased
            ? compare(text, otherText)
            : compare(reader.folded(text), other.folded(otherText));
        });
      });
    };
  });
  const test: Predicate<S> = (subject) => tests.some((single) => single(subject));
  const present = (field: string): Need => ({ field, how: "present", values: [] });
  const needs = [[present(plan.field)], names.map(present)];
  return { test, needs, uses: [], explain: { text: "", test, children: [] }, cost: 4 };
}

function comparison(plan: ItemPlan): Compare {
  const widened = plan.transforms.filter((transform) => transform.kind === "widen");
  const front = widened.some((transform) => transform.front);
  const behind = widened.some((transform) => transform.behind);
  if (front && behind) return (text, other) => text.includes(other);
  if (front) return (text, other) => text.endsWith(other);
  if (behind) return (text, other) => text.startsWith(other);
  return (text, other) => text === other;
}
