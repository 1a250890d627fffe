import { compileCidr } from "./cidr.js";
import { DATE_PARTS, type DatePart, datePart } from "./datepart.js";
import { type Place, report, type Scalar } from "./item.js";
import { type ItemPlan, nearestName } from "./modifiers.js";
import type { Part } from "./part.js";
import { readerOf, valuesOf } from "./reader.js";
import { compileRegex } from "./regexp/compile.js";
import { anyElement, fold, numberOf, textOf } from "./text.js";
import {
  compileAny,
  expandValue,
  foldVariants,
  longestPlain,
  needOfVariants,
  type Variants,
} from "./texts.js";
import type { Token } from "./tokens.js";
import type { FieldAccess, Need, Predicate } from "./types.js";
import type { TextTest } from "./wildcard.js";

/** A test of one element of a field, and what it needs. */
interface ElementTest {
  readonly test: (element: unknown) => boolean;
  readonly needs: readonly (readonly Need[])[];
  readonly cost: number;
}

/** Compiles the values of an item, of which any may match, for all comparisons with something in the rule itself. */
export function compileScalar<S>(
  plan: ItemPlan,
  values: readonly Scalar[],
  access: FieldAccess<S>,
  place: Place,
): Part<S> | undefined {
  switch (plan.comparison) {
    case "text":
      return compileText(plan, values, access, place);
    case "re":
    case "cidr":
      return compileTexts(plan, values, access, place);
    default: {
      const numbers = compileNumbers(plan, values, access, place);
      return numbers === undefined ? undefined : overElements(plan, numbers, access);
    }
  }
}

function compileText<S>(
  plan: ItemPlan,
  values: readonly Scalar[],
  access: FieldAccess<S>,
  place: Place,
): Part<S> | undefined {
  const variants: (readonly Token[])[] = [];
  for (const value of values) {
    const expanded = expandValue(value, plan);
    if ("reason" in expanded) return report(place, expanded.reason);
    variants.push(...expanded);
  }
  const needs = [needOfVariants(plan.field === "" ? undefined : plan.field, variants)];
  const test = compileAny(plan.cased ? variants : foldVariants(variants));
  if (plan.field === "") return overValues(test, !plan.cased, needs, access);
  const predicate = plan.cased ? casedField(plan, test, access) : foldedField(plan, variants, test, access);
  const cost = longestPlain(variants) === undefined ? 2 : 1;
  return { test: predicate, needs, explain: { text: "", test: predicate, children: [] }, cost };
}

/** The test of nearly all items of nearly all rules: text whose case does not matter. */
function foldedField<S>(
  plan: ItemPlan,
  variants: Variants,
  test: TextTest,
  access: FieldAccess<S>,
): Predicate<S> {
  const { get, folded } = readerOf(access, plan.field);
  // Folding keeps the length, so a text that is longer than all values needs not be folded to be told apart.
  const longest = longestPlain(variants) ?? Number.POSITIVE_INFINITY;
  const element = (value: unknown): boolean => {
    const text = textOf(value);
    return text !== undefined && text.length <= longest && test(folded(text));
  };
  return (subject) => {
    const value = get(subject);
    if (typeof value === "string") return value.length <= longest && test(folded(value));
    return value !== undefined && value !== null && anyElement(value, element);
  };
}

function casedField<S>(plan: ItemPlan, test: TextTest, access: FieldAccess<S>): Predicate<S> {
  const { get } = readerOf(access, plan.field);
  const element = elementOf(test);
  return (subject) => {
    const value = get(subject);
    return typeof value === "string" ? test(value) : anyElement(value, element);
  };
}

function elementOf(test: TextTest): (value: unknown) => boolean {
  return (value) => {
    const text = textOf(value);
    return text !== undefined && test(text);
  };
}

/** `re` and `cidr`: tests of the text as it is. */
function compileTexts<S>(
  plan: ItemPlan,
  values: readonly Scalar[],
  access: FieldAccess<S>,
  place: Place,
): Part<S> | undefined {
  const tests: TextTest[] = [];
  const literals: string[] = [];
  let known = true;
  for (const value of values) {
    if (plan.comparison === "cidr") {
      const test = compileCidr(String(value).trim());
      if (test === undefined) return report(place, `${value} is no network; write 10.0.0.0/8 or fe80::/10`);
      tests.push(test);
      known = false;
      continue;
    }
    const compiled = compileRegex(String(value), plan.regexFlags, regexPlace(plan));
    if ("reason" in compiled) {
      return report(place, `the regular expression ${value} is refused: ${compiled.reason}`, {
        offset: compiled.offset,
      });
    }
    tests.push(compiled.test);
    if (compiled.required === undefined) known = false;
    else literals.push(...compiled.required);
  }
  const field = plan.field === "" ? undefined : plan.field;
  const need: Need = known
    ? { field, how: "contains", values: literals }
    : { field, how: "present", values: [] };
  const test: TextTest = tests.length === 1 ? tests[0]! : (text) => tests.some((single) => single(text));
  if (field === undefined) return overValues(test, false, known ? [[need]] : [], access);
  const cost = plan.comparison === "re" ? 8 : 3;
  return overElements(plan, { test: elementOf(test), needs: [[need]], cost }, access);
}

/** In a pattern itself `contains` changes nothing, the other two pin it to an end of the text. */
function regexPlace(plan: ItemPlan): { atStart: boolean; atEnd: boolean } {
  const widened = plan.transforms.filter((transform) => transform.kind === "widen");
  const front = widened.some((transform) => transform.front);
  const behind = widened.some((transform) => transform.behind);
  return { atStart: behind && !front, atEnd: front && !behind };
}

function compileNumbers<S>(
  plan: ItemPlan,
  values: readonly Scalar[],
  access: FieldAccess<S>,
  place: Place,
): ElementTest | undefined {
  const ranks = plan.datePart === undefined ? access.order?.(plan.field) : undefined;
  const bounds: number[] = [];
  for (const value of values) {
    const bound = ranks === undefined ? numberOf(value) : (ranks.get(fold(String(value))) ?? Number.NaN);
    if (!Number.isNaN(bound)) bounds.push(bound);
    else if (ranks === undefined)
      return report(place, `${plan.comparison} compares numbers, and ${value} is none`);
    else {
      const names = [...ranks.keys()];
      return report(
        place,
        `${value} is none of ${plan.field}'s values: ${names.join(", ")}${nearestName(String(value), names)}`,
      );
    }
    if (plan.datePart !== undefined && !fitsPart(plan.datePart, bound)) {
      const [least, most] = DATE_PARTS[plan.datePart];
      return report(place, `${plan.datePart} is a whole number from ${least} to ${most}, not ${value}`);
    }
  }
  const compare = COMPARE[plan.comparison as keyof typeof COMPARE];
  const read =
    plan.datePart !== undefined ? datePart(plan.datePart) : ranks === undefined ? numberOf : rankIn(ranks);
  const test = (element: unknown): boolean => {
    const number = read(element);
    for (let at = 0; at < bounds.length; at++) if (compare(number, bounds[at]!)) return true;
    return false;
  };
  return { test, needs: [[{ field: plan.field, how: "present", values: [] }]], cost: 2 };
}

/** Comparisons with NaN, which stands for everything that is no number, are false. */
const COMPARE = {
  gt: (a: number, b: number) => a > b,
  gte: (a: number, b: number) => a >= b,
  lt: (a: number, b: number) => a < b,
  lte: (a: number, b: number) => a <= b,
  number: (a: number, b: number) => a === b,
} as const;

function rankIn(ranks: ReadonlyMap<string, number>): (value: unknown) => number {
  return (value) => (typeof value === "string" ? (ranks.get(fold(value)) ?? Number.NaN) : Number.NaN);
}

function fitsPart(part: DatePart, bound: number): boolean {
  const [least, most] = DATE_PARTS[part];
  return Number.isInteger(bound) && bound >= least && bound <= most;
}

function overElements<S>(plan: ItemPlan, element: ElementTest, access: FieldAccess<S>): Part<S> {
  const { test: elementTest, needs, cost } = element;
  if (plan.field === "") {
    const { values } = valuesOf(access);
    const test: Predicate<S> = (subject) => {
      for (const value of values(subject)) if (elementTest(value)) return true;
      return false;
    };
    return { test, needs: [], explain: { text: "", test, children: [] }, cost: 20 };
  }
  const { get } = readerOf(access, plan.field);
  const test: Predicate<S> = (subject) => {
    const value = get(subject);
    return value !== undefined && anyElement(value, elementTest);
  };
  return { test, needs, explain: { text: "", test, children: [] }, cost };
}

/** Keywords: any value of the whole event. */
function overValues<S>(
  textTest: TextTest,
  ignoreCase: boolean,
  needs: readonly (readonly Need[])[],
  access: FieldAccess<S>,
): Part<S> {
  const { values, folded } = valuesOf(access);
  const test: Predicate<S> = (subject) => {
    let place = 0;
    for (const value of values(subject)) {
      const text = textOf(value);
      if (text !== undefined && textTest(ignoreCase ? folded(text, place) : text)) return true;
      place++;
    }
    return false;
  };
  return { test, needs, explain: { text: "", test, children: [] }, cost: 20 };
}
