import type { ItemPlan } from "./modifiers.js";
import type { Part } from "./part.js";
import { readerOf } from "./reader.js";
import { anyElement } from "./text.js";
import type { FieldAccess, Predicate } from "./types.js";

/** `exists`: presence only, a null value is present. */
export function compileExists<S>(plan: ItemPlan, wanted: boolean, access: FieldAccess<S>): Part<S> {
  const { get } = readerOf(access, plan.field);
  return wanted
    ? part((subject) => get(subject) !== undefined, [[{ field: plan.field, how: "present", values: [] }]])
    : part((subject) => get(subject) === undefined, []);
}

/** `null`: null or absent. */
export function compileNull<S>(plan: ItemPlan, access: FieldAccess<S>): Part<S> {
  const { get } = readerOf(access, plan.field);
  return part((subject) => {
    const value = get(subject);
    return value === undefined || anyElement(value, isNull);
  }, []);
}

function isNull(value: unknown): boolean {
  return value === null;
}

function part<S>(test: Predicate<S>, needs: Part<S>["needs"]): Part<S> {
  return { test, needs, explain: { text: "", test, children: [] }, cost: 1 };
}
