import { compileFieldref } from "./compare-fields.js";
import { compileNumbers } from "./compare-numbers.js";
import { compileCidrs, compilePatterns } from "./compare-pattern.js";
import { compileText } from "./compare-text.js";
import { type ItemPlan, planItem } from "./modifiers.js";
import { allOf, negate, type Part } from "./part.js";
import { below, isScalar, type Place, type PlacedValue, report } from "./place.js";
import { compileExists, compileNull } from "./presence.js";
import type { FieldAccess } from "./types.js";
import { usesOf } from "./uses.js";

/** Compiles one `field|modifiers: value` of a map. `place` is that of the key. */
export function compileItem<S>(
  key: string,
  value: unknown,
  access: FieldAccess<S>,
  place: Place,
): Part<S> | undefined {
  const plan = planItem(key);
  if ("reason" in plan)
    return report(place, plan.reason, { atKey: true, unsupported: plan.unsupported ?? false });
  const compiled = compileValue(plan, value, access, place);
  if (compiled === undefined) return undefined;
  const { test, needs, cost } = plan.neq ? negate(compiled) : compiled;
  const uses = usesOf(plan, value, compiled.needs);
  return { test, needs, uses, cost, explain: { text: describe(key, value), test, children: [] } };
}

function compileValue<S>(
  plan: ItemPlan,
  value: unknown,
  access: FieldAccess<S>,
  place: Place,
): Part<S> | undefined {
  if (value === null || value === undefined) return compileNullValue(plan, access, place);
  if (plan.comparison === "exists") {
    const wanted = isScalar(value) ? String(value).toLowerCase() : "";
    if (wanted === "true" || wanted === "false") return compileExists(plan, wanted === "true", access);
    return report(place, "exists takes true or false (in YAML 1.2 yes and no are words)");
  }
  if (!Array.isArray(value)) {
    return isScalar(value) ? compileValues(plan, [{ value, place }], access) : report(place, MAP_AS_VALUE);
  }
  if (value.length === 0) return report(place, "the list is empty, so nothing could ever match");
  const placed = value.map((item: unknown, at) => checkListed(item, below(place, at)));
  return placed.every((item) => item !== undefined) ? compileValues(plan, placed, access) : undefined;
}

const MAP_AS_VALUE =
  "a map can't be the value of a field; for a field inside an object write its path (outer.inner: value), " +
  "and named selections need a condition and nothing else beside them";

function checkListed(value: unknown, place: Place): PlacedValue | undefined {
  if (isScalar(value)) return { value, place };
  if (value === null || value === undefined) {
    return report(
      place,
      "null can't be part of a list; make it a selection of its own and join them with or",
    );
  }
  return report(place, Array.isArray(value) ? "a list can't be part of a list of values" : MAP_AS_VALUE);
}

/** Values of a list: any of them in one test, or, with `all`, each in a test of its own. */
function compileValues<S>(
  plan: ItemPlan,
  values: readonly PlacedValue[],
  access: FieldAccess<S>,
): Part<S> | undefined {
  if (!plan.all) return compileAnyOf(plan, values, access);
  const parts = values.map((value) => compileAnyOf(plan, [value], access));
  return parts.every((part) => part !== undefined) ? allOf(parts) : undefined;
}

function compileAnyOf<S>(
  plan: ItemPlan,
  values: readonly PlacedValue[],
  access: FieldAccess<S>,
): Part<S> | undefined {
  switch (plan.comparison) {
    case "text":
      return compileText(plan, values, access);
    case "re":
      return compilePatterns(plan, values, access);
    case "cidr":
      return compileCidrs(plan, values, access);
    case "fieldref":
      return compileFieldref(plan, values, access);
    default:
      return compileNumbers(plan, values, access);
  }
}

function compileNullValue<S>(plan: ItemPlan, access: FieldAccess<S>, place: Place): Part<S> | undefined {
  if (plan.field === "") return report(place, "null is no keyword");
  if (plan.comparison === "text" && plan.transforms.length === 0 && !plan.cased && !plan.all) {
    return compileNull(plan, access);
  }
  return report(place, "null can't be modified; `field: null` asks whether the field is null or absent");
}

const LONGEST_DESCRIPTION = 120;

/** The key and its value as one line; of long lists only the beginning. */
function describe(key: string, value: unknown): string {
  const shown = Array.isArray(value)
    ? `[${value
        .slice(0, LONGEST_DESCRIPTION / 2)
        .map(show)
        .join(", ")}]`
    : show(value);
  const text = key === "" ? `keywords ${shown}` : `${key}: ${shown}`;
  return text.length > LONGEST_DESCRIPTION ? `${text.slice(0, LONGEST_DESCRIPTION - 1)}…` : text;
}

function show(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
