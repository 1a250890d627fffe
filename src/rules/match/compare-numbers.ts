import { DATE_PARTS, datePart } from "./datepart.js";
import { overElements } from "./elements.js";
import type { ItemPlan } from "./modifiers.js";
import { nearestName } from "./nearest.js";
import type { Part } from "./part.js";
import { type PlacedValue, report } from "./place.js";
import { fold, numberOf } from "./text.js";
import type { FieldAccess } from "./types.js";

/** Comparisons with NaN, which stands for everything that is no number, are false. */
const COMPARE = {
  gt: (a: number, b: number) => a > b,
  gte: (a: number, b: number) => a >= b,
  lt: (a: number, b: number) => a < b,
  lte: (a: number, b: number) => a <= b,
  number: (a: number, b: number) => a === b,
} as const;

type Ranks = ReadonlyMap<string, number>;

/** gt, gte, lt and lte of numbers, ranks and parts of dates, and the equality of the latter; any bound may hold. */
export function compileNumbers<S>(
  plan: ItemPlan,
  values: readonly PlacedValue[],
  access: FieldAccess<S>,
): Part<S> | undefined {
  const ranks = plan.datePart === undefined ? access.order?.(plan.field) : undefined;
  const bounds: number[] = [];
  for (const placed of values) {
    const bound = readBound(plan, placed, ranks);
    if (bound === undefined) return undefined;
    bounds.push(bound);
  }
  const compare = COMPARE[plan.comparison as keyof typeof COMPARE];
  const read =
    plan.datePart !== undefined ? datePart(plan.datePart) : ranks === undefined ? numberOf : rankIn(ranks);
  const test = (element: unknown): boolean => {
    const number = read(element);
    for (let at = 0; at < bounds.length; at++) if (compare(number, bounds[at]!)) return true;
    return false;
  };
  const needs = plan.field === "" ? [] : [[{ field: plan.field, how: "present", values: [] } as const]];
  return overElements(plan, { test, needs, cost: 2 }, access);
}

function readBound(
  plan: ItemPlan,
  { value, place }: PlacedValue,
  ranks: Ranks | undefined,
): number | undefined {
  if (ranks !== undefined) {
    const rank = ranks.get(fold(String(value)));
    if (rank !== undefined) return rank;
    const names = [...ranks.keys()];
    const hint = nearestName(String(value), names);
    return report(place, `${value} is none of ${plan.field}'s values: ${names.join(", ")}${hint}`);
  }
  const bound = numberOf(value);
  if (Number.isNaN(bound)) {
    const what = plan.datePart ?? plan.comparison;
    return report(place, `${what} compares numbers, and ${JSON.stringify(String(value))} is none`);
  }
  if (plan.datePart === undefined) return bound;
  const [least, most] = DATE_PARTS[plan.datePart];
  if (Number.isInteger(bound) && bound >= least && bound <= most) return bound;
  return report(place, `${plan.datePart} is a whole number from ${least} to ${most}, not ${value}`);
}

function rankIn(ranks: Ranks): (value: unknown) => number {
  return (value) => (typeof value === "string" ? (ranks.get(fold(value)) ?? Number.NaN) : Number.NaN);
}
