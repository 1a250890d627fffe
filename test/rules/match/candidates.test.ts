import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildIndex, compileMatch } from "../../../src/rules/match/compile.js";
import type { CompiledMatch, FieldAccess } from "../../../src/rules/match/types.js";
import { jsonAccess } from "./json-access.js";

const withoutKeys: FieldAccess<object> = { field: jsonAccess.field, values: jsonAccess.values };

function compileAll(rules: readonly unknown[], access: FieldAccess<object>): CompiledMatch<object>[] {
  return rules.map((rule) => {
    const { compiled, problems } = compileMatch(rule, access);
    expect(problems).toEqual([]);
    return compiled!;
  });
}

describe("buildIndex", () => {
  test("never leaves out a rule that matches, and keeps the order", () => {
    const word = fc.constantFrom("x", "xy", "XYZ", "abc", "abcxyz", "ü", "ſ", "5", " -a", "/a", "");
    const value = fc.oneof(
      word,
      fc.constantFrom("x*z", "a?c*", "*", 5),
      fc.array(word, { minLength: 1, maxLength: 3 }),
    );
    const key = fc.tuple(
      fc.constantFrom("a", "b", "b.c", "d"),
      fc.constantFrom(
        "",
        "|contains",
        "|endswith",
        "|cased",
        "|neq",
        "|contains|windash",
        "|re|i",
        "|fieldref",
        "|re",
      ),
    );
    const item = fc.oneof(
      fc
        .tuple(key, value)
        .map(([[field, modifiers], wanted]) => [
          field + modifiers,
          modifiers.includes("re") || modifiers.includes("fieldref")
            ? ["abc", "x+y", "(a|x)b?", "a"][String(wanted).length % 4]
            : wanted,
        ]),
      fc.constantFrom(["a", null], ["d|exists", true], ["b|exists", false], ["d|gt", 3]),
    );
    const map = fc
      .array(item, { minLength: 1, maxLength: 3 })
      .map((items) => Object.fromEntries(items) as object);
    const keywords = fc.array(
      word.filter((single) => single !== ""),
      { minLength: 1, maxLength: 2 },
    );
    const rule = fc.oneof(
      map,
      fc.array(map, { minLength: 1, maxLength: 3 }),
      keywords,
      fc
        .tuple(map, map, keywords, fc.constantFrom("s and not t", "s or k", "1 of *", "not s", "all of *"))
        .map(([s, t, k, condition]) => ({ s, t, k, condition })),
    );
    const scalar = fc.oneof(word, fc.constantFrom(5, 4, true, null, "zzxyzz", "S", "–a abc"));
    const event = fc.dictionary(
      fc.constantFrom("a", "b", "b.c", "d"),
      fc.oneof(
        scalar,
        fc.array(scalar, { maxLength: 3 }),
        fc.record({ c: scalar }),
        fc.array(fc.record({ c: scalar })),
      ),
    );
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 25 }), fc.array(event, { maxLength: 4 }), (rules, events) => {
        for (const access of [jsonAccess, withoutKeys]) {
          const compiled = compileAll(rules, access);
          const candidates = buildIndex(compiled, access);
          for (const subject of events) {
            const found = candidates(subject);
            expect([...found].sort((a, b) => a - b)).toEqual([...new Set(found)]);
            const matching = compiled.flatMap(({ test }, at) => (test(subject) ? [at] : []));
            expect(found).toEqual(expect.arrayContaining(matching));
          }
        }
      }),
      { numRuns: 400 },
    );
  });

  test("leaves out rules about fields, values and texts that a line does not have", () => {
    const rules = [
      ...Array.from({ length: 500 }, (_, at) => ({ component: "api", event: `kind-${at}` })),
      ...Array.from({ length: 500 }, (_, at) => ({ "message|contains": `failure ${at} of`, level: "error" })),
      ...Array.from({ length: 500 }, (_, at) => ({ [`field${at}|gt`]: at })),
      ...Array.from({ length: 500 }, (_, at) => ({ "message|re": `code ${at}: .*refused` })),
      ...Array.from({ length: 500 }, (_, at) => [`keyword-${at}-end`]),
    ];
    const candidates = buildIndex(compileAll(rules, jsonAccess), jsonAccess);
    const line = { component: "api", event: "kind-7", level: "error", message: "code 12: it was refused" };
    expect(candidates(line)).toEqual([7, 1512]);
    expect(candidates({ message: "failure 33 of keyword-9-end", level: "error" })).toEqual([533, 2009]);
    expect(candidates({ other: 1 })).toEqual([]);
  });

  test("rules without a known need are always candidates", () => {
    const rules = [{ a: 1 }, { "b|neq": 2 }, { c: null }];
    expect(buildIndex(compileAll(rules, jsonAccess), jsonAccess)({})).toEqual([1, 2]);
  });
});
