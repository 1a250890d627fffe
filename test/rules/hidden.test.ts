import { expect, it } from "vitest";
import { covers, hiddenRules } from "../../src/rules/hidden.js";
import { loadRules } from "../../src/rules/load.js";
import { rulesFolder } from "./records.js";

it.each<[string, unknown, unknown, boolean]>([
  ["the same", { a: 1, b: [1, 2] }, { a: 1, b: [1, 2] }, true],
  ["always", "always", { a: 1 }, true],
  ["nothing but always hides always", { a: 1 }, "always", false],
  ["one that asks for less", { a: 1 }, { a: 1, b: 2 }, true],
  ["one that asks for more", { a: 1, b: 2 }, { a: 1 }, false],
  ["more values", { a: [1, 2, 3] }, { a: [1, 3] }, true],
  ["more values, one alone", { a: [1, 2] }, { a: 2, b: 1 }, true],
  ["other values", { a: [1, 2] }, { a: [2, 4] }, false],
  ["all of more is less", { "a|contains|all": ["x", "y"] }, { "a|contains|all": ["x"] }, false],
  ["neither of more is less", { "a|neq": [1, 2] }, { "a|neq": [1] }, false],
  ["another way of asking", { "a|contains": "x" }, { a: "x" }, false],
  ["one of several ways", [{ a: 1 }, { b: 1 }], { b: 1, c: 1 }, true],
  [
    "each of several ways",
    { a: 1 },
    [
      { a: 1, b: 1 },
      { a: 1, c: 1 },
    ],
    true,
  ],
  ["not each of them", { a: 1 }, [{ a: 1 }, { c: 1 }], false],
  ["keywords of another kind", ["x"], ["x", "y"], false],
  [
    "conditions are not looked into",
    { s: { a: 1 }, condition: "s" },
    { s: { a: 1 }, t: { b: 1 }, condition: "s and t" },
    false,
  ],
])("%s", (_name, wide, narrow, expected) => {
  expect(covers(wide, narrow)).toBe(expected);
});

it("names the rule and the one that hides it; one that goes on hides nothing", async () => {
  const dir = await rulesFolder({
    "a.yaml": `
rules:
  - {id: on, match: {a: 1}, to: {raw: {}}, continue: true}
  - {id: wide, match: {a: 1}, to: {raw: {}}}
  - {id: narrow, match: {a: 1, b: 2}, drop: true}
  - {id: other, match: {b: 2}, drop: true}
`,
  });
  const { native } = await loadRules(dir);
  expect(hiddenRules(native).map(({ hidden, by }) => [hidden.id, by.id])).toEqual([["narrow", "wide"]]);
});
