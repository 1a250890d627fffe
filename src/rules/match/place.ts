import type { MatchProblem } from "./types.js";

/** A value of a rule that can be compared. */
export type Scalar = string | number | boolean | bigint;

/** Where in the rule the compiler stands, and the problems found so far. */
export interface Place {
  readonly path: readonly (string | number)[];
  readonly problems: MatchProblem[];
}

/** One value of an item, and where it stands. */
export interface PlacedValue {
  readonly value: Scalar;
  readonly place: Place;
}

/** The place of a key or position below. */
export function below(place: Place, step: string | number): Place {
  return { path: [...place.path, step], problems: place.problems };
}

/** Records what is wrong at a place; always gives undefined, so that a compiler can return it. */
export function report(
  place: Place,
  message: string,
  more: Pick<MatchProblem, "atKey" | "offset" | "unsupported"> = {},
): undefined {
  place.problems.push({ path: place.path, message, ...more });
  return undefined;
}

/** Whether a value of a rule can be compared. */
export function isScalar(value: unknown): value is Scalar {
  return ["string", "number", "boolean", "bigint"].includes(typeof value);
}
