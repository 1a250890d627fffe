import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fold, numberOf, textOf } from "../../../src/rules/match/text.js";

describe("fold", () => {
  test("keeps the length, changes nothing twice, and folds letter by letter", () => {
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom(..."İIıſΣσςẞßKk"), fc.string({ minLength: 1, maxLength: 1 })),
    });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(fold(a)).toHaveLength(a.length);
        expect(fold(fold(a))).toBe(fold(a));
        expect(fold(a + b)).toBe(fold(a) + fold(b));
      }),
      { numRuns: 1500 },
    );
  });
});

describe("numberOf", () => {
  test.each([
    ["5", 5],
    ["-1.5e3", -1500],
    [" 7 ", 7],
    [".5", 0.5],
    ["5.", 5],
    [3, 3],
  ])("%j is %d", (value, number) => {
    expect(numberOf(value)).toBe(number);
  });

  test.each(["", " ", "0x10", "1e", "Infinity", "1,5", "5s", true, null, undefined, {}, [5]])(
    "%j is none",
    (value) => {
      expect(numberOf(value)).toBeNaN();
    },
  );
});

test("textOf", () => {
  expect([1, 1.5, true, "x", { a: [1] }, null, undefined, [1]].map(textOf)).toEqual([
    "1",
    "1.5",
    "true",
    "x",
    '{"a":[1]}',
    undefined,
    undefined,
    undefined,
  ]);
});
