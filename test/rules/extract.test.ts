import { describe, expect, it } from "vitest";
import type { SummaryTarget } from "../../src/core/decision.js";
import { hiddenRules } from "../../src/rules/hidden.js";
import { loadRules } from "../../src/rules/load.js";
import { problemText, RulesInvalid } from "../../src/rules/problems.js";
import { recordOf, rulesFolder, understand } from "./records.js";

const load = async (...rules: string[]) =>
  loadRules(await rulesFolder({ "a.yaml": `rules:\n${rules.map((rule) => `  - ${rule}\n`).join("")}` }));

/** The columns of the table that a line goes to; undefined for one that no rule takes. */
async function columnsOf(rule: string, ...lines: (string | object)[]) {
  const rules = await load(rule);
  return lines.map((line) => {
    const record = typeof line === "string" ? understand(line) : recordOf(line);
    const { targets } = rules.classify(record);
    const table = targets.find((target): target is SummaryTarget => target.category === "summary");
    return table && Object.fromEntries(table.columns.map(({ name, read }) => [name, read(record)]));
  });
}

const SSH = "Failed password for root from 203.0.113.9 port 50112";

it("gives columns what the groups hold, typed; what is none of the type is absent", async () => {
  const rule =
    "{id: a, match: always, extract: {pattern: 'a=(?<a>\\S+) b=(?<b>\\S+)( c=(?<c>\\S+))?', types: {a: int, b: float}}, to: {summary: {table: t, columns: [a, b, c]}}}";
  expect(
    await columnsOf(rule, "a=7 b=1.5e3 c=x", "a=7.5 b=7", "a=x b=y", "a=9007199254740993 b=1", "none"),
  ).toEqual([
    { a: 7, b: 1500, c: "x" },
    { a: undefined, b: 7, c: undefined },
    { a: undefined, b: undefined, c: undefined },
    { a: "9007199254740993", b: 1, c: undefined },
    { a: undefined, b: undefined, c: undefined },
  ]);
});

it("searches any field, each of a list; the first pattern that finds a group counts, and the app's own field after them", async () => {
  const rule =
    "{id: a, match: always, extract: [{from: req.url, pattern: 'id=(?<id>\\d+)'}, 'user (?<id>\\w+)'], to: {summary: {table: t, columns: {id: id, r: 'ratio(id, n)'}}}}";
  expect(
    await columnsOf(
      rule,
      { req: { url: ["/", "/?id=8"] }, message: "user x", id: 1, n: 2 },
      { message: "user x", id: 1 },
      { message: "y", id: 1, n: 4 },
    ),
  ).toEqual([
    { id: "8", r: 4 },
    { id: "x", r: undefined },
    { id: 1, r: 0.25 },
  ]);
});

describe("a condition on an extracted field", () => {
  it.each([
    ["a value", "{client: 203.0.113.9}"],
    ["a network", "{client|cidr: 203.0.113.0/24}"],
    ["a number", "{port|gt: 50000}"],
    ["its being there", "{client|exists: true}"],
    ["a ratio", "{'ratio(port, port)': 1}"],
    ["another's not being there", "{client|exists: true, elsewhere: null}"],
  ])("asks for %s, among other rules", async (_name, match) => {
    const rule = `{id: a, match: ${match}, extract: 'from (?<client>\\S+) port (?<port>\\d+)', to: {summary: {table: t, columns: [client]}}}`;
    const others = Array.from({ length: 40 }, (_, at) => `{id: o${at}, match: {x: ${at}}, to: {raw: {}}}`);
    const rules = await load(...others, rule);
    expect(rules.classify(understand(SSH)).rule).toBe("a");
    expect(rules.classify(understand("Accepted password for root")).rule).toBeUndefined();
  });

  it("holds for this rule alone", async () => {
    const rules = await load(
      "{id: a, match: {client: 203.0.113.9}, extract: 'from (?<client>\\S+)', to: {raw: {}}, continue: true}",
      "{id: b, match: {client: 203.0.113.9}, to: {raw: {}}}",
    );
    expect(rules.classify(understand(SSH)).rule).toBe("a");
    expect(rules.classify(recordOf({ client: "203.0.113.9" })).rule).toBe("a,b");
    expect(hiddenRules(rules.native)).toEqual([]);
  });

  it("is hidden by one on the same field out of the same text", async () => {
    const extract = "extract: 'from (?<client>\\S+)'";
    const { native } = await load(
      `{id: a, match: {client: x}, ${extract}, to: {raw: {}}}`,
      `{id: b, match: {client: x, y: 1}, ${extract}, to: {raw: {}}}`,
      "{id: c, match: {client: x, y: 1}, extract: 'to (?<client>\\S+)', to: {raw: {}}}",
    );
    expect(hiddenRules(native).map(({ hidden }) => hidden.id)).toEqual(["b"]);
  });
});

it("ends in time linear in the text, and looks at its first 8,192 characters", async () => {
  const rule = "{id: a, match: always, extract: '(?<x>(a+)+b)', to: {summary: {table: t, columns: [x]}}}";
  const early = `ab${"a".repeat(1_000_000)}`;
  const late = `${"a".repeat(1_000_000)}b`;
  expect(await columnsOf(rule, early, late)).toEqual([{ x: "ab" }, { x: undefined }]);
});

it.each<[string, string, RegExp]>([
  ["look-around", "extract: 'a(?=b)(?<x>c)'", /:2:\d+ {2}`extract` is .*look-around/],
  ["no group", "extract: 'a(b)'", /names no group/],
  ["a name of the record's", "extract: '(?<level>a)'", /`level` is a field that each record has/],
  ["an unknown type", "extract: {pattern: '(?<x>a)', types: {x: number}}", /can be text, int, float/],
  ["a type for no group", "extract: {pattern: '(?<x>a)', types: {y: int}}", /`y`, which is no group/],
  ["a misspelt key", "extract: {patern: '(?<x>a)'}", /patern/],
  ["what RE2 lacks", "extract: '(?<x>a)\\h'", /invalid escape/],
  [
    "an edit of it",
    "extract: '(?<x>a)', redact: [x]",
    /`x` is extracted and nowhere in the record; change `message`/,
  ],
  ["another edit of it", "extract: '(?<x>a)', set: {x: 1}", /`x` is extracted/],
])("refuses %s", async (_name, keys, words) => {
  const loading = load(`{id: a, match: always, ${keys}, to: {raw: {}}}`);
  const error = await loading.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(RulesInvalid);
  expect((error as RulesInvalid).problems.map(problemText).join("\n")).toMatch(words);
});
