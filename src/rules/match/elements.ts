import type { ItemPlan } from "./modifiers.js";
import type { Part } from "./part.js";
import { readerOf, valuesOf } from "./reader.js";
import { anyElement, textOf } from "./text.js";
import type { FieldAccess, Need, Predicate } from "./types.js";
import type { TextTest } from "./wildcard.js";

/** A test of one element of a field, what it needs, and what it costs (see `Part`). */
export interface ElementTest {
  readonly test: (element: unknown) => boolean;
  readonly needs: readonly (readonly Need[])[];
  readonly cost: number;
}

/** Asks the elements of the plan's field; for keywords, which have none, every value of the event. */
export function overElements<S>(plan: ItemPlan, element: ElementTest, access: FieldAccess<S>): Part<S> {
  const { test: elementTest, needs, cost } = element;
  if (plan.field === "") {
    const { values } = valuesOf(access);
    return part(
      (subject) => {
        for (const value of values(subject)) if (elementTest(value)) return true;
        return false;
      },
      { needs, cost: KEYWORD_COST },
    );
  }
  const { get } = readerOf(access, plan.field);
  return part(
    (subject) => {
      const value = get(subject);
      return value !== undefined && anyElement(value, elementTest);
    },
    { needs, cost },
  );
}

/** Asks the folded text of every value of the event. */
export function overFoldedValues<S>(
  test: TextTest,
  needs: readonly (readonly Need[])[],
  access: FieldAccess<S>,
): Part<S> {
  const { values, folded } = valuesOf(access);
  return part(
    (subject) => {
      let place = 0;
      for (const value of values(subject)) {
        const text = textOf(value);
        if (text !== undefined && test(folded(text, place))) return true;
        place++;
      }
      return false;
    },
    { needs, cost: KEYWORD_COST },
  );
}

/** A test of a text as one of an element that may be anything. */
export function elementOf(test: TextTest): (value: unknown) => boolean {
  return (value) => {
    const text = textOf(value);
    return text !== undefined && test(text);
  };
}

/** A part without an explanation of its own yet; what it uses is told by the item that it is for. */
export function part<S>(test: Predicate<S>, more: Pick<Part<S>, "needs" | "cost">): Part<S> {
  const explain = { text: "", test, children: [] };
  return { test, needs: more.needs, uses: [], cost: more.cost, explain };
}

const KEYWORD_COST = 20;
