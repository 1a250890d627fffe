import type { ItemPlan } from "./modifiers.js";
import { numberOf } from "./text.js";
import type { Need, Use } from "./types.js";

/**
 * What an item makes of its field, from its plan and from what its test needs. Only what is known for certain is told more closely than
 * `value`: a modifier that is new here stays at that.
 */
export function usesOf(plan: ItemPlan, value: unknown, needs: readonly (readonly Need[])[]): readonly Use[] {
  const { field, comparison, datePart } = plan;
  if (field === "") return [use({ field: undefined })];
  switch (comparison) {
    case "exists":
      return [use({ field, how: "presence" })];
    case "fieldref":
      return [field, ...listOf(value).map(String)].map((name) => use({ field: name }));
    case "gt":
    case "gte":
    case "lt":
    case "lte": {
      const bounds = listOf(value).map(numberOf);
      return [
        datePart !== undefined || bounds.some(Number.isNaN) ? use({ field }) : boundsUse(field, bounds),
      ];
    }
    case "text":
    case "re":
      return [value === null || value === undefined ? words(field, [], true) : wordsOf(field, needs)];
    default:
      return [use({ field })];
  }
}

function boundsUse(field: string, bounds: readonly number[]): Use {
  return use({ field, how: "bounds", bounds });
}

/** Words without one of which the test fails, where there are such. */
function wordsOf(field: string, needs: readonly (readonly Need[])[]): Use {
  const telling = needs.filter((list) => list.every(({ how }) => how !== "present"));
  if (telling.length === 0) return use({ field });
  const all = telling.flat();
  return words(
    field,
    all.flatMap(({ values }) => values),
    all.every(({ how }) => how === "equals"),
  );
}

function words(field: string, those: readonly string[], whole: boolean): Use {
  return use({ field, how: "words", words: those, whole });
}

/** All of a field counts. */
export function valueUse(field: string): Use {
  return use({ field });
}

function use(more: Partial<Use> & Pick<Use, "field">): Use {
  return { how: "value", words: [], whole: false, bounds: [], ...more };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
