import fc from "fast-check";
import { describe, expect, it } from "vitest";
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

describe("a folder of many rules", () => {
  const ruleFile = (count: number) => {
    const rules = Array.from({ length: count }, (_, at) =>
      JSON.stringify({
        id: `r${at}`,
        match: {
          level: "error",
          "message|contains": [`fault ${at}`, `failure ${at}`],
          service: `s${at % 50}`,
        },
        to: { raw: {} },
      }),
    );
    const narrow = JSON.stringify({
      id: "narrow",
      match: [{ level: "error", "message|contains": "failure 7", service: "s7", host: "a" }],
      to: { raw: {} },
    });
    return `rules:\n${[...rules, narrow].map((rule) => `  - ${rule}\n`).join("")}`;
  };

  it("compares each with few: twice the rules are no four times the work", async () => {
    let compared = 0;
    for (const count of [200, 400]) {
      const { native } = await loadRules(await rulesFolder({ "a.yaml": ruleFile(count) }));
      compared = 0;
      const hidden = hiddenRules(native, (wide, narrow) => {
        compared += 1;
        return covers(wide, narrow);
      });
      expect(hidden.map(({ hidden: { id }, by }) => [id, by.id])).toEqual([["narrow", "r7"]]);
      expect(compared).toBeLessThan(count);
    }
  });

  it("of any form, finds what comparing each with all before it finds", () => {
    const value = fc.oneof(
      fc.constantFrom<unknown>(1, "1", "a", "b", null, true),
      fc.array(fc.constantFrom<unknown>(1, "a", "b"), { minLength: 1, maxLength: 3 }),
    );
    const map = fc.dictionary(fc.constantFrom("x", "y", "z", "x|all", "y|neq"), value, {
      minKeys: 1,
      maxKeys: 3,
    });
    const match = fc.oneof(
      { weight: 6, arbitrary: map },
      { weight: 3, arbitrary: fc.array(map, { minLength: 1, maxLength: 3 }) },
      fc.constantFrom<unknown>("always", ["a"], ["a", "b"], { s: { x: 1 }, condition: "s" }),
    );
    const rule = fc.record({ match, continue: fc.boolean() });
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 12 }), (sources) => {
        const rules = sources.map((source, at) => ({ id: String(at), source })) as never;
        const found = hiddenRules(rules).map(({ hidden, by }) => [hidden.id, by.id]);
        const expected = sources.flatMap((source, at) => {
          const by = sources
            .slice(0, at)
            .findIndex((earlier) => !earlier.continue && covers(earlier.match, source.match));
          return by < 0 ? [] : [[String(at), String(by)]];
        });
        expect(found).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });
});
