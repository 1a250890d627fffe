import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  jsonText,
  parseExactly,
  quoteJson,
  withoutLoneSurrogates,
} from "../../../src/categories/formats/json-text.js";
import { runJq } from "../../programs.js";
import { requirement } from "../../requirements.js";
import { temporaryFile } from "../samples.js";

describe("quoteJson", () => {
  it("writes what JSON.stringify writes, but no half of a surrogate pair", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(quoteJson(text)).toBe(JSON.stringify(text.replace(/\p{Surrogate}/gu, "\ufffd")));
      }),
    );
  });
});

/** JSON texts of escapes, and what is left of them. */
const escapes: [string, string][] = [
  ['"\\ud83d\\ude00"', '"\\ud83d\\ude00"'],
  ['"\\uD83D\\uDE00"', '"\\uD83D\\uDE00"'],
  ['"cut \\ud83d"', '"cut \\ufffd"'],
  ['"\\uDE00 cut"', '"\\ufffd cut"'],
  ['"\\ud83d\\ud83d\\ude00"', '"\\ufffd\\ud83d\\ude00"'],
  ['"\\ude00\\ud83d"', '"\\ufffd\\ufffd"'],
  ['"\\ud83d\\u0041"', '"\\ufffd\\u0041"'],
  ['"\\ud83d\\n"', '"\\ufffd\\n"'],
  // Backslashes that are text themselves.
  ['"C:\\\\ud83d"', '"C:\\\\ud83d"'],
  ['"\\\\\\ud83d"', '"\\\\\\ufffd"'],
  ['{"\\ud83d":1}', '{"\\ufffd":1}'],
  ['"\\u00e9 \\ud7ff"', '"\\u00e9 \\ud7ff"'],
];

describe("withoutLoneSurrogates", () => {
  it.each(escapes)("%s becomes %s", (json, expected) => {
    expect(withoutLoneSurrogates(json)).toBe(expected);
  });

  it.skipIf(requirement("jq").missing)("leaves nothing that jq stumbles over", () => {
    const path = temporaryFile("texts.json", `${escapes.map(([, text]) => text).join("\n")}\n`);
    expect(runJq(".", path)).toHaveLength(escapes.length);
  });
});

describe("jsonText", () => {
  it("writes what JSON.stringify writes, for values that came from JSON", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (json) => {
        const value: unknown = JSON.parse(json);
        expect(JSON.parse(jsonText(value))).toEqual(value);
      }),
    );
    expect(jsonText({ a: [1, "x", null, { b: {} }], c: [] })).toBe('{"a":[1,"x",null,{"b":{}}],"c":[]}');
  });

  it("keeps what JSON.stringify loses", () => {
    expect(jsonText([2n ** 70n, Infinity, -Infinity, -0])).toBe("[1180591620717411303424,1e400,-1e400,-0.0]");
    expect(JSON.parse(jsonText([Infinity, -Infinity, -0]))).toEqual([Infinity, -Infinity, -0]);
  });

  it("writes null for what JSON has no text for", () => {
    expect(jsonText([undefined, Number.NaN, () => 1])).toBe("[null,null,null]");
    expect(jsonText(undefined)).toBe("null");
  });

  it("keeps a key called __proto__", () => {
    expect(jsonText(JSON.parse('{"__proto__":{"a":1}}'))).toBe('{"__proto__":{"a":1}}');
  });

  it("writes values nested as deep as a line is long", () => {
    const deep = `${'{"a":['.repeat(100_000)}${"]}".repeat(100_000)}`;
    expect(jsonText(JSON.parse(deep))).toBe(deep);
  });
});

describe("parseExactly", () => {
  it("reads what JSON.parse reads, where that loses nothing", () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(jsonText(parseExactly(json))).toBe(jsonText(JSON.parse(json)));
      }),
    );
  });

  it("keeps all digits of long integers, wherever they stand", () => {
    const text =
      '{"id":1234567890123456789,"list":[-9007199254740993,[18446744073709551616]],"__proto__":9007199254740993}';
    const read = parseExactly(text) as Record<string, unknown>;
    expect(jsonText(read)).toBe(text);
    expect(read["id"]).toBe(1234567890123456789n);
  });

  it("leaves alone what only looks like one", () => {
    const text =
      '["1234567890123456789", "a\\"1234567890123456789", 0.30000000000000004, 1e20, 1234567890123456789.5, 9007199254740991]';
    expect(parseExactly(text)).toEqual(JSON.parse(text));
  });

  it("finds one behind a text with escapes, however deep", () => {
    const text = `${"[".repeat(50_000)}"\\\\",12345678901234567890${"]".repeat(50_000)}`;
    expect(jsonText(parseExactly(text))).toBe(text);
  });
});
