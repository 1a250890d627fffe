import { compileFieldref } from "./fieldref.js";
import { type ItemPlan, planItem } from "./modifiers.js";
import { allOf, negate, type Part } from "./part.js";
import { compileExists, compileNull } from "./presence.js";
import { compileScalar } from "./scalar.js";
import type { FieldAccess, MatchProblem } from "./types.js";

/** A value of a rule that can be compared. */
export type Scalar = string | number | boolean | bigint;

/** Where in the rule the compiler stands, and the problems found so far. */
export interface Place {
  readonly path: readonly (string | number)[];
  readonly problems: MatchProblem[];
}

/** The place of a key or position below. */
export function below(place: Place, step: string | number): Place {
  return { path: [...place.path, step], problems: place.problems };
}

/** Records what is wrong at a place; always gives undefined, so that a compiler can return it. */
export function report(
  place: Place,
  message: string,
  more: { atKey?: boolean; offset?: number } = {},
): undefined {
  place.problems.push({ path: place.path, message, ...more });
  return undefined;
}

/** Compiles one `field|modifiers: value` of a map. `place` is that of the key. */
export function compileItem<S>(
  key: string,
  value: unknown,
  access: FieldAccess<S>,
  place: Place,
): Part<S> | undefined {
  const plan = planItem(key);
  if ("reason" in plan) return report(place, plan.reason, { atKey: true });
  const compiled = compileValues(plan, value, access, place);
  if (compiled === undefined) return undefined;
  const text = describe(key, value);
  const positive: Part<S> = { ...compiled, explain: { text, test: compiled.test, children: [] } };
  if (!plan.neq) return positive;
  const negative = negate(positive);
  return { ...negative, explain: { text, test: negative.test, children: [] } };
}

function compileValues<S>(
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
    if (!isScalar(value)) return report(place, MAP_AS_VALUE);
    return compileAny(plan, [value], access, place);
  }
  if (value.length === 0) return report(place, "the list is empty, so nothing could ever match");
  const scalars = value.filter((item, at) => checkListed(item, below(place, at)));
  return scalars.length === value.length ? compileAny(plan, value, access, place) : undefined;
}

const MAP_AS_VALUE =
  "a map can't be the value of a field; for a field inside an object write its path (outer.inner: value), " +
  "and named selections need a condition and nothing else beside them";

function checkListed(item: unknown, place: Place): boolean {
  if (isScalar(item)) return true;
  if (item === null || item === undefined) {
    report(place, "null can't be part of a list; make it a selection of its own and join them with or");
  } else if (Array.isArray(item)) report(place, "a list can't be part of a list of values");
  else report(place, MAP_AS_VALUE);
  return false;
}

/** Values of a list: any of them in one test, or, with `all`, each in a test of its own. */
function compileAny<S>(
  plan: ItemPlan,
  values: readonly Scalar[],
  access: FieldAccess<S>,
  place: Place,
): Part<S> | undefined {
  const compile = plan.comparison === "fieldref" ? compileFieldref : compileScalar;
  if (!plan.all) return compile(plan, values, access, place);
  const parts = values.map((value) => compile(plan, [value], access, place));
  return parts.every((part) => part !== undefined) ? allOf(parts) : undefined;
}

function compileNullValue<S>(plan: ItemPlan, access: FieldAccess<S>, place: Place): Part<S> | undefined {
  if (plan.field === "") return report(place, "null is no keyword");
  if (plan.comparison === "text" && plan.transforms.length === 0 && !plan.cased && !plan.all) {
    return compileNull(plan, access);
  }
  return report(place, "null can't be modified; `field: null` asks whether the field is null or absent");
}

/** Whether a value of a rule can be compared. */
export function isScalar(value: unknown): value is Scalar {
  return ["string", "number", "boolean", "bigint"].includes(typeof value);
}

const LONGEST_DESCRIPTION = 120;

/** The key and its value as one line. */
function describe(key: string, value: unknown): string {
  const text = `${key}: ${typeof value === "bigint" ? value : JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? String(inner) : inner))}`;
  return text.length > LONGEST_DESCRIPTION ? `${text.slice(0, LONGEST_DESCRIPTION - 1)}…` : text;
}
