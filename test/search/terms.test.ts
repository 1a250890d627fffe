import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTerms } from "../../src/search/terms.js";

const word = (text: string, rest = {}) => ({ not: false, text, openStart: false, openEnd: false, ...rest });

describe("parseTerms", () => {
  it.each([
    ["", []],
    ["timeout", [word("timeout")]],
    ["  two  words ", [word("two"), word("words")]],
    [
      "time* *out *meo*",
      [
        word("time", { openEnd: true }),
        word("out", { openStart: true }),
        word("meo", { openStart: true, openEnd: true }),
      ],
    ],
    ["-debug", [word("debug", { not: true })]],
    ['"connection reset"', [word("connection reset", { openStart: true, openEnd: true })]],
    ['-"a \\"b\\""', [word('a "b"', { not: true, openStart: true, openEnd: true })]],
    ['"never closed', [word("never closed", { openStart: true, openEnd: true })]],
    [
      "10.0.0.7 12:30:01 https://a.b/c user@host",
      [word("10.0.0.7"), word("12:30:01"), word("https://a.b/c"), word("user@host")],
    ],
    ["- * >5", [word("-"), word(">5")]],
  ])("%s", (typed, texts) => {
    expect(parseTerms(typed)).toEqual({ texts, fields: [] });
  });

  it.each([
    ["level:error", { item: "level", value: "error" }],
    ["level:>=error", { item: "level|gte", value: "error" }],
    ["attempts:>5", { item: "attempts|gt", value: 5 }],
    ["a.b:<=-0.5", { item: "a.b|lte", value: -0.5 }],
    ['message:"not found"', { item: "message", value: "not found" }],
    ["path:/v1/*", { item: "path", value: "/v1/*" }],
  ])("%s", (typed, field) => {
    expect(parseTerms(typed)).toEqual({ texts: [], fields: [{ not: false, ...field }] });
    expect(parseTerms(`-${typed}`)).toEqual({ texts: [], fields: [{ not: true, ...field }] });
  });

  it("takes any text", () => {
    fc.assert(fc.property(fc.string(), (typed) => void parseTerms(typed)));
  });
});
