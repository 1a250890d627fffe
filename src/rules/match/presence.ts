import { part } from "./elements.js";
import type { ItemPlan } from "./modifiers.js";
import type { Part } from "./part.js";
import { readerOf } from "./reader.js";
import { anyElement } from "./text.js";
import type { FieldAccess } from "./types.js";

/** `exists`: presence only, a null value is present. */
export function compileExists<S>(plan: ItemPlan, wanted: boolean, access: FieldAccess<S>): Part<S> {
  const { get } = readerOf(access, plan.field);
  return wanted
    ? part((subject) => get(subject) !== undefined, {
        needs: [[{ field: plan.field, how: "present", values: [] }]],
        cost: 1,
      })
    : part((subject) => get(subject) === undefined, { needs: [], cost: 1 });
}

/** `null`: null or absent. */
export function compileNull<S>(plan: ItemPlan, access: FieldAccess<S>): Part<S> {
  const { get } = readerOf(access, plan.field);
  return part(
    (subject) => {
      const value = get(subject);
      return value === undefined || anyElement(value, isNull);
    },
    { needs: [], cost: 1 },
  );
}

function isNull(value: unknown): boolean {
  return value === null;
}
