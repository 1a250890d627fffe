import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MANY, ONE, type Token, tokenize } from "../../../src/rules/match/tokens.js";
import { compileWildcard } from "../../../src/rules/match/wildcard.js";
import { isSlow } from "../../cpu-time.js";

/** What wildcards mean, by trying everything. */
function naive(tokens: readonly Token[], letters: readonly string[]): boolean {
  const [token, ...rest] = tokens;
  if (token === undefined) return letters.length === 0;
  if (token === MANY) return letters.some((_, at) => naive(rest, letters.slice(at))) || naive(rest, []);
  if (token === ONE) return letters.length > 0 && naive(rest, letters.slice(1));
  const text = Array.from(String(token));
  return text.every((letter, at) => letters[at] === letter) && naive(rest, letters.slice(text.length));
}

describe("compileWildcard", () => {
  test("agrees with trying everything", () => {
    const letter = fc.constantFrom("a", "b", "😀");
    const token = fc.oneof(
      fc.constant(MANY),
      fc.constant(ONE),
      fc.string({ unit: letter, minLength: 1, maxLength: 3 }),
    );
    fc.assert(
      fc.property(
        fc.array(token, { maxLength: 7 }),
        fc.string({ unit: letter, maxLength: 9 }),
        (tokens: Token[], text) => {
          expect(compileWildcard(tokens)(text)).toBe(naive(tokens, Array.from(text)));
        },
      ),
      { numRuns: 5000 },
    );
  });

  test("many stars take no more than a moment", () => {
    const text = "ab".repeat(32 * 1024);
    const value = compileWildcard(tokenize(`${"*a?a".repeat(20)}*c`));
    const close = compileWildcard(tokenize(`*${"a*".repeat(200)}c*`));
    for (const matches of [value, close])
      expect(isSlow(200, () => expect(matches(text)).toBe(false))).toBe(false);
  });
});

describe("tokenize", () => {
  test.each([
    ["a*b?c", ["a", MANY, "b", ONE, "c"]],
    [String.raw`a\*b\?c`, ["a*b?c"]],
    [String.raw`a\\*`, ["a\\", MANY]],
    [String.raw`a\\\*`, ["a\\*"]],
    [String.raw`a\\\\b`, ["a\\\\b"]],
    [String.raw`a\\\b`, ["a\\\\b"]],
    [String.raw`\a\ `, ["\\a\\ "]],
    ["\\", ["\\"]],
    ["", []],
  ])("%s", (value, tokens) => {
    expect(tokenize(value)).toEqual(tokens);
  });
});
