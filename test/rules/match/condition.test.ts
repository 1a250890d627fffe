import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileDetection } from "../../../src/rules/match/compile.js";
import { parseCondition } from "../../../src/rules/match/condition.js";
import { jsonAccess } from "./json-access.js";

const NAMES = ["a", "b", "sel_1", "sel_2", "filter-main.x", "_hidden"];

function decides(condition: string, holding: readonly string[]): boolean {
  const selections = Object.fromEntries(NAMES.map((name) => [name, { [name.replaceAll(".", "-")]: 1 }]));
  const { compiled, problems } = compileDetection({ ...selections, condition }, jsonAccess);
  expect(problems).toEqual([]);
  return compiled!.test(Object.fromEntries(holding.map((name) => [name.replaceAll(".", "-"), 1])));
}

describe("conditions", () => {
  test.each([
    ["a", ["a"], true],
    ["not a", ["a"], false],
    ["not not a", ["a"], true],
    ["a or b and sel_1", ["a"], true],
    ["(a or b) and sel_1", ["a"], false],
    ["not a and b", ["b"], true],
    ["not (a and b)", ["b"], true],
    ["not a or b", ["a"], false],
    ["a AND NOT b", ["a"], true],
    ["(a)or(b)", ["b"], true],
    ["1 of sel_*", ["sel_2"], true],
    ["all of sel_*", ["sel_2"], false],
    ["all of sel_*", ["sel_1", "sel_2"], true],
    ["not 1 of sel_*", ["a"], true],
    ["a and not all of sel_*", ["a", "sel_1"], true],
    ["1 of *main*x", ["filter-main.x"], true],
    ["1 of a", ["a"], true],
    ["filter-main.x", ["filter-main.x"], true],
    ["1 of them", ["_hidden"], false],
    ["1 of *", ["_hidden"], false],
    ["1 of _*", ["_hidden"], true],
    ["1 of _hidden", ["_hidden"], true],
    ["_hidden", ["_hidden"], true],
    ["all of them", ["a", "b", "sel_1", "sel_2", "filter-main.x"], true],
    ["all of them", ["a", "b", "sel_1", "sel_2"], false],
    ["any of them", ["b"], true],
  ])("%s with %j: %s", (condition, holding, expected) => {
    expect(decides(condition, holding)).toBe(expected);
  });

  test.each([
    ["", 0, /empty/],
    ["a and", 5, /ends where a selection was expected/],
    ["a b", 2, /and, or or the end/],
    ["and a", 0, /a selection was expected/],
    ["(a", 0, /never closed/],
    ["(a b)", 3, /and, or or the end/],
    ["a)", 1, /closes nothing/],
    ["a | count() > 5", 2, /correlation/],
    ["a near b", 2, /correlation/],
    ["near a and b", 0, /correlation/],
    ["2 of sel_*", 0, /only 1 of and all of/],
    ["1 of", 4, /needs a pattern/],
    ["1 of (a)", 5, /needs a pattern/],
    ["1 of x*", 5, /no selection has a name like/],
    ["1 of sell_1", 5, /did you mean `sel_1`/],
    ["sel_3", 0, /did you mean `sel_1`/],
    ["zzz", 0, /there are a, b/],
    ["sel_*", 0, /write `1 of sel_\*`/],
    ["them", 0, /write `1 of them`/],
    ["all", 0, /there is no selection/],
  ])("%s is refused at %i", (condition, offset, message) => {
    const problem = parseCondition(condition, NAMES);
    expect(problem).toMatchObject({ offset });
    expect("message" in problem && problem.message).toMatch(message);
  });

  test("them with helpers alone names nothing", () => {
    expect(parseCondition("1 of them", ["_a"])).toHaveProperty("message");
  });

  test("any text is parsed or refused", () => {
    const words = fc.constantFrom(
      "a",
      "b",
      "and",
      "or",
      "not",
      "(",
      ")",
      "1",
      "of",
      "all",
      "them",
      "sel_*",
      "|",
      "x",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words).map((list) => list.join(" ")),
        ),
        (text) => {
          const parsed = parseCondition(text, NAMES);
          expect("kind" in parsed !== "message" in parsed).toBe(true);
        },
      ),
      { numRuns: 1500 },
    );
  });

  test.each(["(".repeat(100_000), `${"not ".repeat(100_000)}a`, `${"(".repeat(300)}a${")".repeat(300)}`])(
    "nesting without an end is refused",
    (text) => {
      expect(parseCondition(text, NAMES)).toMatchObject({ message: expect.stringMatching(/nested deeper/) });
    },
  );
});
