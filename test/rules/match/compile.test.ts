import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { compileDetection, compileMatch } from "../../../src/rules/match/compile.js";
import type { ExplainNode, FieldAccess } from "../../../src/rules/match/types.js";
import { jsonAccess } from "./json-access.js";

function matches(yaml: string, event: object): boolean {
  const { compiled, problems } = compileMatch(parse(yaml), jsonAccess);
  expect(problems).toEqual([]);
  return compiled!.test(event);
}

/** [what is shown, match in YAML, events that match, events that do not] */
const TABLE: readonly (readonly [string, string, readonly object[], readonly object[]])[] = [
  ["a map is and", "{a: 1, b: 2}", [{ a: 1, b: 2 }], [{ a: 1 }, { b: 2 }, {}]],
  ["a list of values is any", "{a: [x, y]}", [{ a: "x" }, { a: "Y" }], [{ a: "z" }, { a: "xy" }]],
  ["a list of maps is any", "[{a: 1}, {b: 2}]", [{ a: 1 }, { b: 2 }], [{ a: 2, b: 1 }]],
  [
    "keywords are searched everywhere",
    "[evil, 42]",
    [{ x: { y: ["so EVIL."] } }, { n: 4200 }],
    [{ evil: "x" }],
  ],
  ["keywords take wildcards", "['a*c?']", [{ m: "..abbcd.." }], [{ m: "abbc" }]],
  [
    "'|all' asks for each keyword, anywhere",
    "{'|all': [one, two]}",
    [{ a: "one", b: "two" }],
    [{ a: "one" }],
  ],
  ["keywords with modifiers", "{'|startswith': ab}", [{ x: "ABc" }], [{ x: "xab" }]],
  ["keywords by pattern", "{'|re': '^a.c$'}", [{ x: ["abc"] }], [{ x: "abcd" }, { x: "ABC" }]],
  ["keywords and maps in one list", "[evil, {a: 1}]", [{ m: "evil" }, { a: 1 }], [{ a: 2 }]],
  [
    "numbers and strings are alike",
    "{a: 4688}",
    [{ a: 4688 }, { a: "4688" }],
    [{ a: 46880 }, { a: "0x1250" }],
  ],
  ["truth values too", "{a: true}", [{ a: true }, { a: "TRUE" }], [{ a: 1 }, { a: false }]],
  ["yes is a word", "{a: yes}", [{ a: "yes" }], [{ a: true }]],
  [
    "case is ignored beyond ASCII",
    "{a: STRAßE-ÄÖ, b: ПРИВЕТ}",
    [{ a: "straße-äö", b: "привет" }],
    [{ a: "strasse" }],
  ],
  ["a final sigma is a sigma", "{a|contains: ΟΔΟΣ}", [{ a: "οδοσα" }, { a: "οδος" }], [{ a: "οδο" }]],
  ["letters whose lower case is longer", "{a: 'x?z'}", [{ a: "xİz" }], [{ a: "xi̇z" }]],
  ["the empty value", "{a: ''}", [{ a: "" }], [{ a: " " }, { a: null }, {}]],
  ["null is null or absent", "{a: null}", [{ a: null }, {}], [{ a: "" }, { a: 0 }, { a: "null" }]],
  ["neq of null", "{a|neq: null}", [{ a: "" }], [{ a: null }, {}]],
  ["exists", "{a|exists: true}", [{ a: null }, { a: "" }, { a: [] }, { a: {} }], [{}, { b: 1 }]],
  ["exists false", "{a|exists: false}", [{}, { b: 1 }], [{ a: null }]],
  ["* takes newlines and nothing", "{a: 'x*y'}", [{ a: "xy" }, { a: "x\n\ny" }], [{ a: "xyz" }]],
  [
    "? is one character",
    "{a: 'x?y'}",
    [{ a: "x.y" }, { a: "x\ny" }, { a: "x😀y" }],
    [{ a: "xy" }, { a: "x..y" }],
  ],
  ["an escaped star", String.raw`{a: 'x\*y'}`, [{ a: "x*y" }], [{ a: "xzy" }]],
  ["a backslash and a wildcard", String.raw`{a: 'x\\*y'}`, [{ a: "x\\y" }, { a: "x\\zzy" }], [{ a: "x*y" }]],
  ["a backslash and a star", String.raw`{a: 'x\\\*y'}`, [{ a: "x\\*y" }], [{ a: "x\\zy" }]],
  [
    "one or two backslashes are one",
    String.raw`{a: ['c:\x', 'd:\\x']}`,
    [{ a: "c:\\x" }, { a: "d:\\x" }],
    [{ a: "d:\\\\x" }],
  ],
  [
    "contains keeps a last backslash",
    String.raw`{a|contains: ':\temp\'}`,
    [{ a: "C:\\TEMP\\x" }],
    [{ a: "C:\\temp" }, { a: "C:\\temp*" }],
  ],
  ["endswith and wildcards inside", "{a|endswith: 'b*d'}", [{ a: "abcd" }, { a: "bd" }], [{ a: "bde" }]],
  ["startswith", "{a|startswith: ab}", [{ a: "ABc" }, { a: "ab" }], [{ a: "xab" }]],
  ["startswith and endswith are contains", "{a|startswith|endswith: b}", [{ a: "abc" }], [{ a: "ac" }]],
  [
    "cased",
    "{a|cased: Ab, b|contains|cased: X}",
    [{ a: "Ab", b: "_X_" }],
    [
      { a: "ab", b: "X" },
      { a: "Ab", b: "x" },
    ],
  ],
  ["all", "{a|contains|all: [x, y]}", [{ a: "y..x" }, { a: ["x", "y"] }], [{ a: "x" }]],
  [
    "neq turns the whole list round",
    "{a|neq: [x, y]}",
    [{ a: "z" }, {}, { a: null }],
    [{ a: "X" }, { a: ["z", "y"] }],
  ],
  ["neq with contains and all", "{a|contains|all|neq: [x, y]}", [{ a: "x" }], [{ a: "xy" }]],
  ["re is cased and unanchored", "{a|re: 'b.d'}", [{ a: "abcd" }], [{ a: "ABCD" }, { a: "b\nd" }]],
  [
    "re|i, re|m, re|s",
    "{a|re|i: B$, b|re|m: ^x$, c|re|s: a.b}",
    [{ a: "ab", b: "w\nx\ny", c: "a\nb" }],
    [{ a: "ba", b: "x", c: "a.b" }],
  ],
  ["flags in the pattern", "{a|re: '(?i)^ab'}", [{ a: "ABC" }], [{ a: "xab" }]],
  ["re has no Sigma escapes", String.raw`{a|re: '^\\\\x\*$'}`, [{ a: "\\\\x*" }], [{ a: "\\x*" }]],
  [
    "re with contains and endswith",
    "{a|re|contains: b, b|re|endswith: 'c|d'}",
    [{ a: "abc", b: "xd" }],
    [{ a: "abc", b: "dx" }],
  ],
  ["re sees numbers", String.raw`{a|re: '^\d{3}$'}`, [{ a: 404 }], [{ a: 4040 }, { a: null }]],
  [
    "cidr",
    "{a|cidr: [10.0.0.0/8, 'fe80::/10']}",
    [{ a: "10.1.2.3" }, { a: "FE80::1%eth0" }, { a: "::ffff:10.0.0.1" }],
    [{ a: "11.0.0.1" }, { a: "10.0.0" }, { a: 10 }, {}],
  ],
  [
    "gt and lt, numbers and numeric strings",
    "{a|gt: 5, b|lt: '2.5'}",
    [
      { a: 6, b: 2 },
      { a: "5.5", b: "-1e3" },
    ],
    [{ a: 5, b: 1 }, { a: "x", b: 1 }, { a: "", b: 1 }, { b: 1 }, { a: true, b: 1 }],
  ],
  [
    "gte and lte",
    "{a|gte: 5, a|lte: 6}",
    [{ a: 5 }, { a: 6 }, { a: [1, 5] }],
    [{ a: 4 }, { a: 7 }, { a: null }],
  ],
  [
    "windash",
    "{a|windash|contains: ' -f'}",
    ["-", "/", "–", "—", "―"].map((dash) => ({ a: `x ${dash}F` })),
    [{ a: "x f" }, { a: "x  f" }],
  ],
  ["windash behind contains", "{a|contains|windash: '-a-b'}", [{ a: "/a-b" }], [{ a: "/a/b" }]],
  ["windash knows letters of all alphabets", "{a|windash: 'é-b'}", [{ a: "é-b" }], [{ a: "é/b" }]],
  ["windash with all", "{a|windash|contains|all: [' -x', ' /y']}", [{ a: "p /x –y" }], [{ a: "p -x" }]],
  [
    "base64 keeps its padding",
    "{a|base64: foob}",
    [{ a: "Zm9vYg==" }],
    [{ a: "Zm9vYg" }, { a: "xZm9vYg==" }],
  ],
  [
    "base64offset is a search",
    "{a|base64offset: secret}",
    ["secret", "xsecret", "xxsecret", "xxxsecrety"].map((text) => ({
      a: Buffer.from(text).toString("base64"),
    })),
    [{ a: Buffer.from("secre").toString("base64") }],
  ],
  [
    "base64offset of several bytes a letter",
    "{a|base64offset|contains: 日本}",
    ["日本", "a日本", "ab日本b"].map((text) => ({ a: Buffer.from(text).toString("base64") })),
    [{ a: "5pel" }],
  ],
  [
    "wide in front of base64offset",
    "{a|wide|base64offset|contains: ping}",
    ["ping", "x ping"].map((text) => ({ a: Buffer.from(text, "utf16le").toString("base64") })),
    [{ a: Buffer.from("ping").toString("base64") }],
  ],
  [
    "utf16be and utf16",
    "{a|utf16be|base64: A, b|utf16|base64: A}",
    [{ a: "AEE=", b: "//5BAA==" }],
    [{ a: "QQA=", b: "QQA=" }],
  ],
  ["base64 twice", "{a|base64|base64: a}", [{ a: "WVE9PQ==" }], [{ a: "YQ==" }]],
  [
    "fieldref",
    "{a|fieldref: b}",
    [
      { a: "X", b: "x" },
      { a: 1, b: "1" },
      { a: ["p", "q"], b: ["q"] },
    ],
    [{ a: "x" }, { a: "b" }, { a: null, b: null }, {}],
  ],
  ["fieldref takes no wildcards", "{a|fieldref: b}", [{ a: "*", b: "*" }], [{ a: "abc", b: "*" }]],
  [
    "fieldref with a place, cased",
    "{a|fieldref|cased|endswith: b}",
    [{ a: "xY", b: "Y" }],
    [{ a: "xY", b: "y" }],
  ],
  ["fieldref neq", "{a|fieldref|neq: b}", [{ a: "x", b: "y" }, { a: "x" }, {}], [{ a: "x", b: "X" }]],
  [
    "parts of dates",
    "{a|hour: 3, a|minute: 45, a|day: 10, a|month: 7, a|year: 2024, a|week: 28}",
    [
      { a: "2024-07-10T03:45:59Z" },
      { a: "2024-07-10 03:45" },
      { a: 1720583100 },
      { a: 1720583100000 },
      { a: "2024-07-10T03:45:00+09:00" },
    ],
    [{ a: "2024-07-10" }, { a: "yesterday" }, {}, { a: "2024-07-10T04:45:00Z" }],
  ],
  [
    "parts of dates compared",
    "{a|hour|gte: 22}",
    [{ a: "2024-07-10T22:00:00Z" }],
    [{ a: "2024-07-10T21:59:00Z" }, { a: 23 }],
  ],
  ["weeks that belong to the year before", "{a|week: 53}", [{ a: "2021-01-03" }], [{ a: "2021-01-04" }]],
  [
    "the exact key, then the path",
    "{a.b: 1}",
    [{ "a.b": 1, a: { b: 2 } }, { a: { b: 1 } }, { a: [{ b: 0 }, { b: 1 }] }],
    [{ "a.b": 2, a: { b: 1 } }],
  ],
  [
    "objects are their JSON text",
    "{a: '{\"b\":1}', c|contains: '\"d\":'}",
    [{ a: { b: 1 }, c: { d: [] } }],
    [{ a: { b: 2 }, c: { d: 1 } }],
  ],
  ["arrays: any element", "{a: x}", [{ a: ["y", ["x"]] }], [{ a: [] }, { a: ["xy"] }]],
  [
    "names of Object.prototype are ordinary",
    "{constructor: x, __proto__.y: 1}",
    [JSON.parse('{"constructor":"x","__proto__":{"y":1}}')],
    [{}, { y: 1 }],
  ],
  [
    "condition is a field where nothing else is a selection",
    "{condition: x, a: 1}",
    [{ condition: "x", a: 1 }],
    [{ a: 1 }],
  ],
  [
    "named selections",
    "{s: {a: 1}, f: [{b: 1}, {c: 1}], condition: s and not f}",
    [{ a: 1 }],
    [{ a: 1, c: 1 }, { b: 1 }],
  ],
  [
    "conditions in a list are or",
    "{s: {a: 1}, t: {b: 1}, condition: [s, t]}",
    [{ a: 1 }, { b: 1 }],
    [{ c: 1 }],
  ],
];

describe("what a match means", () => {
  test.each(TABLE)("%s", (_title, yaml, yes, no) => {
    for (const event of yes) expect([event, matches(yaml, event)]).toEqual([event, true]);
    for (const event of no) expect([event, matches(yaml, event)]).toEqual([event, false]);
  });
});

/** [what is refused, match in YAML, path of the problem, part of the message] */
const REFUSED: readonly (readonly [string, string, readonly (string | number)[], RegExp])[] = [
  ["an unknown modifier", "{a|contain: x}", ["a|contain"], /did you mean `contains`/],
  ["a modifier that nothing is like", "{a|zzzzzzzz: x}", ["a|zzzzzzzz"], /no modifier; there are/],
  ["no modifier behind a pipe", "{'a|': x}", ["a|"], /followed by no modifier/],
  ["expand", "{a|expand: '%x%'}", ["a|expand"], /expand/],
  ["a map as a value", "{a: {b: 1}}", ["a"], /a map can't be the value/],
  ["a map in a list of values", "{a: [x, {b: 1}]}", ["a", 1], /a map can't be the value/],
  ["null in a list", "{a: [x, null]}", ["a", 1], /null can't be part of a list/],
  ["a list in a list", "{a: [[x]]}", ["a", 0], /a list can't be part/],
  ["an empty list", "{a: []}", ["a"], /empty/],
  ["an empty map", "{}", [], /empty/],
  ["an empty list of maps", "[]", [], /empty/],
  ["an empty map in a list", "[{a: 1}, {}]", [1], /empty/],
  ["nothing", "null", [], /empty/],
  ["a bare word", "word", [], /a map of fields or a list/],
  ["a null keyword", "[a, null]", [1], /null is no keyword/],
  ["an empty selection", "{s: {}, condition: s}", ["s"], /empty/],
  ["a modified null", "{a|contains: null}", ["a|contains"], /null can't be modified/],
  ["exists of anything but true and false", "{a|exists: yes}", ["a|exists"], /true or false/],
  ["exists of a list", "{a|exists: [true]}", ["a|exists"], /true or false/],
  ["exists beside others", "{a|exists|contains: true}", ["a|exists|contains"], /no meaning beside exists/],
  ["a keyword that exists", "{'|exists': true}", ["|exists"], /needs a field/],
  ["i without re", "{a|i: x}", ["a|i"], /re\|i/],
  ["i in front of re", "{a|i|re: x}", ["a|i|re"], /in front of re/],
  ["contains in front of re", "{a|contains|re: x}", ["a|contains|re"], /in front of re/],
  ["cased against i", "{a|re|cased|i: x}", ["a|re|cased|i"], /contradict/],
  ["two comparisons", "{a|gt|lt: 5}", ["a|gt|lt"], /can't be asked of one value/],
  ["contains beside gt", "{a|gt|contains: 5}", ["a|gt|contains"], /no meaning beside gt/],
  ["gt of a word", "{a|gt: many}", ["a|gt"], /compares numbers/],
  ["gt of a truth value", "{a|gt: true}", ["a|gt"], /compares numbers/],
  ["wide without base64", "{a|wide: x}", ["a|wide"], /in front of base64/],
  ["wide behind base64", "{a|base64|wide: x}", ["a|base64|wide"], /in front of base64/],
  ["wide in front of contains", "{a|wide|contains: x}", ["a|wide|contains"], /in front of base64/],
  ["contains in front of base64", "{a|contains|base64: x}", ["a|contains|base64"], /can't encode wildcards/],
  ["wildcards in base64", "{a|base64: 'x*'}", ["a|base64"], /wildcards can't be encoded/],
  ["base64 behind base64offset", "{a|base64offset|base64: x}", ["a|base64offset|base64"], /pieces of Base64/],
  ["base64offset of nothing", "{a|base64offset: ''}", ["a|base64offset"], /nothing to search/],
  ["windash beside cidr", "{a|cidr|windash: 10.0.0.0/8}", ["a|cidr|windash"], /no meaning beside cidr/],
  ["no network", "{a|cidr: 10.0.0.0/33}", ["a|cidr"], /is no network/],
  ["a network with wildcards", "{a|cidr: '10.*'}", ["a|cidr"], /is no network/],
  ["an hour that is none", "{a|hour: 24}", ["a|hour"], /from 0 to 23/],
  ["fieldref of gt", "{a|fieldref|gt: b}", ["a|fieldref|gt"], /can't be asked of one value/],
  ["a pattern with look-around", "{a|re: '(?=x)y'}", ["a|re"], /look-around.*linear/],
  ["no condition's selection", "{s: {a: 1}, condition: t}", ["condition"], /there is no selection `t`/],
  ["a condition in a list", "{s: {a: 1}, condition: [s, x]}", ["condition", 1], /there is no selection/],
];

describe("what is refused, and where", () => {
  test.each(REFUSED)("%s", (_title, yaml, path, message) => {
    const { compiled, problems } = compileMatch(parse(yaml), jsonAccess);
    expect(compiled).toBeUndefined();
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ path });
    expect(problems[0]!.message).toMatch(message);
  });

  test("every problem is named, not the first alone", () => {
    const { problems } = compileMatch(parse("{a|foo: 1, b: [null, {}], c: 1}"), jsonAccess);
    expect(problems.map(({ path, atKey }) => [path, atKey])).toEqual([
      [["a|foo"], true],
      [["b", 0], undefined],
      [["b", 1], undefined],
    ]);
  });

  test.each([
    ["no condition", { s: { a: 1 } }, /no condition/],
    ["no selection", { condition: "s" }, /no selection/],
    ["no map", ["a"], /a detection is a map/],
    ["an empty condition", { s: { a: 1 }, condition: [] }, /condition is empty/],
    ["a condition that is no text", { s: { a: 1 }, condition: 5 }, /a condition is a text/],
    ["a timeframe", { s: { a: 1 }, timeframe: "5m", condition: "s" }, /correlation/],
    ["a selection that is a word", { s: "word", condition: "s" }, /a list with one item/],
  ])("a detection with %s", (_title, detection, message) => {
    const { compiled, problems } = compileDetection(detection, jsonAccess);
    expect(compiled).toBeUndefined();
    expect(problems.map((problem) => problem.message).join("\n")).toMatch(message);
  });
});

describe("fields with an order of their own", () => {
  const ranks = new Map([
    ["info", 2],
    ["warning", 3],
    ["error", 4],
  ]);
  const access: FieldAccess<object> = {
    ...jsonAccess,
    order: (name) => (name === "level" ? ranks : undefined),
  };

  test("are compared by rank", () => {
    const { compiled } = compileMatch({ "level|gte": "Warning" }, access);
    expect(["info", "WARNING", "error", "loud", 3].map((level) => compiled!.test({ level }))).toEqual([
      false,
      true,
      true,
      false,
      false,
    ]);
  });

  test("refuse names that they do not have", () => {
    const { problems } = compileMatch({ "level|gte": "warnin" }, access);
    expect(problems[0]!.message).toMatch(/did you mean `warning`/);
  });
});

test("the explanation follows the rule and carries its tests", () => {
  const { compiled } = compileDetection(
    { sel: { a: [1, 2], "b|contains": "x" }, filter: { c: 1 }, condition: "sel and not filter" },
    jsonAccess,
  );
  const show = (node: ExplainNode<object>): unknown =>
    node.children.length === 0 ? node.text : [node.text, node.children.map(show)];
  expect(show(compiled!.explain)).toEqual([
    "all of",
    [
      ["sel", [["all of", ["a: [1, 2]", 'b|contains: "x"']]]],
      ["not", [["filter", ["c: 1"]]]],
    ],
  ]);
  expect(compiled!.explain.children[0]!.test({ a: 1, b: "xyz" })).toBe(true);
});

describe("nothing makes it throw", () => {
  const keys = fc.oneof(
    fc.string(),
    fc
      .tuple(
        fc.constantFrom("", "a", "a.b", "__proto__"),
        fc.array(
          fc.constantFrom("re", "all", "contains", "gt", "cidr", "wide", "base64offset", "i", "hour", "x"),
        ),
      )
      .map((parts) => parts.flat().join("|")),
    fc.constantFrom("condition", "timeframe"),
  );
  const junk = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      fc.string(),
      fc.integer(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom("1 of them", "a*", "(?i)(a|", "10.0.0.0/8"),
      fc.array(tie("any"), { maxLength: 4 }),
      fc.dictionary(keys, tie("any"), { maxKeys: 4 }),
    ),
  })).any;

  test("any value compiles or has problems, and what compiles runs on any event", () => {
    fc.assert(
      fc.property(junk, fc.dictionary(keys, fc.jsonValue()), (rule, event) => {
        for (const compile of [compileMatch, compileDetection]) {
          const { compiled, problems } = compile(rule, jsonAccess);
          expect(compiled === undefined).toBe(problems.length > 0);
          if (compiled !== undefined) expect(typeof compiled.test(event)).toBe("boolean");
        }
      }),
      { numRuns: 600 },
    );
  });

  test("events that are nested too deeply for JSON.stringify", () => {
    const deep = JSON.parse(
      `{"a":${'{"b":'.repeat(20_000)}1${"}".repeat(20_000)},"c":${"[".repeat(20_000)}${"]".repeat(20_000)}}`,
    );
    for (const yaml of ["{a: x, c: y}", "{a|contains: b}", "{c: 1}", "[needle]", "{a.b.b|exists: false}"]) {
      expect(matches(yaml, deep)).toBe(false);
    }
  });
});
