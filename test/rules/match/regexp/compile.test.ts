import fc from "fast-check";
import { RE2JS } from "re2js";
import { describe, expect, test } from "vitest";
import { compileRegex } from "../../../../src/rules/match/regexp/compile.js";
import { compilePattern } from "../../../../src/rules/match/regexp/compile-pattern.js";

const PLAIN = { ignoreCase: false, multiline: false, dotAll: false };

function compiled(pattern: string, flags = PLAIN) {
  const found = compileRegex(pattern, flags);
  if ("reason" in found) throw new Error(`${pattern}: ${found.reason}`);
  return found;
}

describe("which engine runs a pattern", () => {
  test.each([
    ["cmd\\.exe", "native"],
    ["\\\\mypipe-(?:f|h)[0-9a-f]{2}", "native"],
    ["(?i)\\s(-u|--user)\\s", "native"],
    ["\\b(\\d{1,3}\\.){3}\\d{1,3}\\b", "native"],
    [".*needle.*", "native"],
    ["^\\d{4}-\\d\\d", "native"],
    ["foo.*bar", "automaton"],
    ["^(a+)+$", "automaton"],
    ["(.*a){20}", "automaton"],
    ["(x+x+)+y", "automaton"],
    ["\\\\[^\\\\]{1,300}$", "automaton"],
    ["(?:(?i)abc)x+D", "automaton"],
  ])("%s: %s", (pattern, engine) => {
    expect(compiled(pattern).engine).toBe(engine);
  });

  test.each([
    ["(?=a)b", 0, /look-around/],
    ["a(?<!b)", 1, /look-around/],
    ["(a)\\1", 3, /back-reference/],
    ["(?P<n>a)(?P=n)", 8, /back-reference/],
    ["(?<n>a)\\k<n>", 7, /back-reference/],
    ["(?>a)b", 0, /atomic/],
    ["a++b", 1, /possessive/],
    ["(a(?R)?b)", 2, /recursion/],
    ["(?(1)a|b)", 0, /conditional/],
    ["(*FAIL)", 0, /verbs/],
    ["(a", 0, /never closed/],
    ["a)", 1, /closes nothing/],
    ["[a", 0, /never closed/],
    ["*a", 0, /nothing in front/],
    ["a**", 2, /follows another/],
    ["a{3,2}", 1, /ends before it begins/],
    ["a{1,5000}", 1, /too large/],
    ["[b-a]", 2, /ends before it begins/],
    ["\\y", 0, /no meaning/],
    ["a\\", 1, /escapes nothing/],
    ["\\p{Nonsense}", 0, /no Unicode property/],
    ["(?x) a", 0, /flag `x`/],
    ["x((a{1,100}){1,100}){1,100}b", 0, /written out/],
    ["(.*a){900}", 0, /steps for each character/],
    ["(".repeat(200), 101, /nested deeper/],
    ["a".repeat(30_000), 20_000, /longer than/],
  ])("%s is refused", (pattern, offset, reason) => {
    const found = compileRegex(pattern, PLAIN);
    expect(found).toMatchObject({ offset });
    expect("reason" in found && found.reason).toMatch(reason);
  });

  test("a pattern that stands alone is thrown out with its place", () => {
    expect(compilePattern("^\\d{4}-").test("2024-01-02 x")).toBe(true);
    expect(() => compilePattern("a(?=b)")).toThrow(/look-around.*character 2/);
  });
});

/** [pattern, texts that match, texts that do not]; each run by both engines. */
const MEANINGS: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["^a", ["ab"], ["ba", "x\nab"]],
  ["(?m)^a$", ["a", "x\na\ny"], ["ab", "x\ra"]],
  ["a$", ["ba", "a\n"], ["ab", "a\n\n", "a\nb"]],
  ["a\\z", ["ba"], ["a\n"]],
  ["a\\Z", ["ba", "a\n"], ["a\n\n"]],
  ["a$\\n", ["a\n"], ["a", "a\n\n"]],
  ["^$", ["", "\n"], ["🔥x", "🔥", "\n\n"]],
  ["(?m)^$", ["", "\n", "a\n\nb"], ["🔥x", "🔥", "ab\n"]],
  ["(?m)a$\\n^", ["a\n\n", "a\nb"], ["a\n"]],
  ["x\\B🔥\\By|\\Bz\\B", ["azb"], ["x🔥y", "az🔥"]],
  ["a.c", ["abc", "a😀c", "a\rc"], ["a\nc"]],
  ["(?s)a.c", ["a\nc"], ["ac"]],
  ["(?i)straße", ["STRAßE"], ["STRASSE"]],
  ["a(?i)b|c", ["aB", "C"], ["AB"]],
  ["a(?i:b)c", ["aBc"], ["aBC"]],
  ["(?i)a(?-i)b", ["Ab"], ["AB"]],
  ["\\bcat\\b", ["a cat!", "cat"], ["concat", "cat_"]],
  ["\\Bcat", ["concat"], ["cat", "a cat"]],
  ["^(?:|a)$", ["", "a"], ["b"]],
  ["\\Aab\\z", ["ab"], ["abc"]],
  ["[]a]x", ["]x", "ax"], ["x"]],
  ["[^\\S\\n]x", [" x", "\tx"], ["\nx", "ax"]],
  ["[[:digit:][:upper:]]+!", ["1A!"], ["a!"]],
  ["[\\w.-]+@", ["a.b-c@"], ["!@"]],
  ["[a-]x", ["-x", "ax"], ["bx"]],
  ["\\x41\\x{1F600}\\t", ["A😀\t"], ["A"]],
  ["\\Qa.b\\E+", ["a.bb"], ["axb"]],
  ["\\p{Lu}\\P{Lu}", ["Éa"], ["éa"]],
  ["x{2}y{1,}z{0,1}", ["xxyy"], ["xy"]],
  ["a{,2}", ["a{,2}"], ["aa"]],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a text that the pattern is to match
  ["\\$\\{?input\\}?", ["$input", "${input}"], ["input"]],
  ["(?#note)a(?<name>b)(?P<other>c)", ["abc"], ["ac"]],
  ["a+?b*?c", ["aac"], ["ab"]],
  ["^(\\s|)$", ["", " "], ["  "]],
  ["(^a|b$)", ["ax", "xb"], ["xa", "bx"]],
  ["(?i)k", ["K", "\u212a"], ["x"]],
];

describe("what patterns mean", () => {
  test.each(MEANINGS)("%s", (pattern, yes, no) => {
    // A part that matches the empty text at most, but has a loop without an end, makes the automaton run.
    for (const variant of [pattern, `(?:${pattern})(?:[^\\s\\S]*x|)`]) {
      const { test: matches } = compiled(variant);
      for (const text of yes) expect([variant, text, matches(text)]).toEqual([variant, text, true]);
      for (const text of no) expect([variant, text, matches(text)]).toEqual([variant, text, false]);
    }
  });

  test("agrees with RE2 and with V8 on random patterns and texts", () => {
    const atom = fc.constantFrom(
      "a",
      "b",
      ".",
      "[ab]",
      "[^a]",
      "\\w",
      "\\b",
      "\\B",
      "^",
      "$",
      "\\d",
      "\\n",
      "é",
      "-",
    );
    const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
      pattern: fc.oneof(
        { maxDepth: 4, depthSize: "small" },
        atom,
        fc.tuple(tie("pattern"), tie("pattern")).map(([a, b]) => a + b),
        fc.tuple(tie("pattern"), tie("pattern")).map(([a, b]) => `(?:${a}|${b})`),
        fc
          .tuple(tie("pattern"), fc.constantFrom("*", "+", "?", "{2}", "{0,3}", "{2,}", "*?"))
          .map(([a, quantifier]) => `(?:${a})${quantifier}`),
      ),
    }));
    const text = fc.string({
      unit: fc.constantFrom("a", "b", "A", "é", "🔥", "\n", " ", "-", "1"),
      maxLength: 12,
    });
    fc.assert(
      fc.property(
        pattern,
        fc.array(text, { maxLength: 8 }),
        fc.boolean(),
        fc.boolean(),
        (source, texts, i, m) => {
          const found = compileRegex(source, { ignoreCase: i, multiline: m, dotAll: false });
          if ("reason" in found) return;
          const re2 = RE2JS.compile(source, (i ? RE2JS.CASE_INSENSITIVE : 0) | (m ? RE2JS.MULTILINE : 0));
          const v8 = new RegExp(asPcre(source, m), `u${i ? "i" : ""}${m ? "m" : ""}`);
          for (const subject of texts) {
            const byV8 = v8.test(subject);
            // RE2's `$` without `m` is the very end alone, and its `^` with `m` holds there too.
            const isOther = subject.endsWith("\n") && source.includes(m ? "^" : "$");
            const byRe2 = isOther ? byV8 : re2.test(subject);
            const answers = [found.test(subject), byRe2, byV8];
            expect([source, subject, ...answers]).toEqual([
              source,
              subject,
              answers[0],
              answers[0],
              answers[0],
            ]);
          }
        },
      ),
      { numRuns: 1500 },
    );
  });

  /** `$` without `m` holds before a last line end as well, `^` with `m` not behind it; `\B` of V8 holds inside a surrogate pair. */
  function asPcre(source: string, multiline: boolean): string {
    const edges = multiline
      ? source.replaceAll(/(?<!\[)\^/g, "(?:(?<![^])|(?<=\\n)(?=[^]))")
      : source.replaceAll("$", "(?=\\n?$)");
    return edges.replaceAll("\\B", "\\B(?=[^]|$)");
  }

  test("what a match is said to need is in every text that matches", () => {
    const piece = fc.constantFrom(
      "ab",
      "c",
      "(?:ab|ca)",
      "[ab]",
      "a?",
      "c+",
      "(?i:aB)",
      "(?:bc){2}",
      ".*",
      "\\b",
    );
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 6 }),
        fc.string({ unit: fc.constantFrom("a", "b", "c", "A", "B"), maxLength: 14 }),
        (pieces, text) => {
          const { test: matches, required } = compiled(pieces.join(""));
          if (!matches(text) || required === undefined) return;
          expect(required.some((literal) => text.toLowerCase().includes(literal))).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe("time on a line of 64 KiB", () => {
  const size = 64 * 1024;
  let seed = 1;
  const random = (): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return seed / 0x80000000;
  };
  const coins = Array.from({ length: size }, () => (random() < 0.5 ? "a" : "b")).join("");
  const letters = Array.from({ length: size }, () =>
    String.fromCharCode(98 + Math.floor(random() * 25)),
  ).join("");

  test.each([
    ["^(a+)+$", `${"a".repeat(size)}b`],
    ["(a|aa)+$", `${"a".repeat(size)}b`],
    ["(a|a)*c$", "a".repeat(size)],
    ["(.*a){20}", letters],
    ["(.*a){20}$", letters],
    ["(x+x+)+y", "x".repeat(size)],
    [".*.*=.*;", "x".repeat(size)],
    ["a*a*a*a*a*b$", "a".repeat(size)],
    ["foo.*bar", "foo".repeat(size / 3)],
    ["(\\w+\\s?)*!$", "word ".repeat(size / 5)],
    ["(a|b)*a(a|b){20}c", coins],
    ["a.{0,500}c$", `c${coins}`],
    ["(?i)a.{1,200}c", `c${coins}`],
    ["\\\\[^\\\\]{1,256}$", "\\".repeat(size)],
    ["^(.*?,){11}P", "1,2,3,".repeat(size / 6)],
    ["([a-z]{1,50}){1,10}!", `!${letters}`],
    ["\\s+$", `${" ".repeat(size)}x`],
    ["(\\d{1,3}\\.){3}\\d{1,3}x", "1.1.".repeat(size / 4)],
  ])("%s", (pattern, text) => {
    const { test: matches } = compiled(pattern);
    const times = [1, 2, 3].map(() => {
      const before = process.cpuUsage();
      matches(text);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    });
    // 1 to 40 ms of an idle core once the code is warm. The limit leaves room for slower and busier ones, and is far
    // below what backtracking takes: seconds to years.
    expect(Math.min(...times)).toBeLessThan(200);
  });
});
