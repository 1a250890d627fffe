import { describe, expect, it } from "vitest";
import type { Decision } from "../../src/core/decision.js";
import { loadRules } from "../../src/rules/load.js";
import type { RuleSet } from "../../src/rules/rule-set.js";
import { recordOf, rulesFolder, understand } from "./records.js";

async function rulesOf(...texts: string[]): Promise<RuleSet> {
  return loadRules(await rulesFolder(Object.fromEntries(texts.map((text, at) => [`${at}.yaml`, text]))));
}

function categories(decision: Decision): string[] {
  return decision.targets.map(({ category }) => category);
}

describe("native rules", () => {
  it("the first that matches decides, in the order of files and in files", async () => {
    const rules = await rulesOf(
      "rules:\n  - {id: one, match: {a: 1}, to: {raw: {}}}\n  - {id: two, match: {a|gte: 1}, to: {tagged: {}}}",
      "rules:\n  - {id: three, match: {a|exists: true}, drop: true}",
    );
    expect(rules.classify(recordOf({ a: 1 })).rule).toBe("one");
    expect(rules.classify(recordOf({ a: 2 })).rule).toBe("two");
    expect(rules.classify(recordOf({ a: 0 }))).toEqual({
      rule: "three",
      targets: [],
      drop: true,
      sampled: false,
    });
    expect(rules.classify(recordOf({ b: 0 }))).toEqual({
      rule: undefined,
      targets: [{ category: "raw" }],
      drop: false,
      sampled: false,
    });
  });

  it("`continue` lets later ones add, and each place takes the record once", async () => {
    const rules = await rulesOf(`
rules:
  - id: low
    match: {a|exists: true}
    to: {raw: {}, tagged: {tags: [x, y], severity: low, retention: 30d}}
    continue: true
  - id: high
    match: {a: 1}
    to: {raw: {}, tagged: {tags: [y, z], severity: high, retention: 2w}, summary: {table: t, columns: [a]}}
    continue: true
  - {id: end, match: {a: 1}, to: {summary: {table: t, columns: {a: b}}, training: {dataset: d, features: [a]}}}
  - {id: never, match: always, drop: true}
`);
    const decision = rules.classify(recordOf({ a: 1 }));
    expect(decision.rule).toBe("low,high,end");
    expect(categories(decision)).toEqual(["raw", "summary", "training", "tagged"]);
    expect(decision.targets.at(-1)).toEqual({
      category: "tagged",
      rule: "low,high",
      tags: ["x", "y", "z"],
      severity: "high",
      retention: "30d",
    });
    expect(rules.classify(recordOf({ b: 1 }))).toMatchObject({ rule: "never", drop: true });
  });

  it("a rule that only goes on has decided: the default is not asked", async () => {
    const rules = await rulesOf("rules:\n  - {id: a, match: {a: 1}, to: {tagged: {}}, continue: true}");
    expect(categories(rules.classify(recordOf({ a: 1 })))).toEqual(["tagged"]);
  });

  it("`drop` after a rule that goes on takes nothing away", async () => {
    const rules = await rulesOf(
      "rules:\n  - {id: a, match: {a: 1}, to: {raw: {}}, continue: true}\n  - {id: b, match: always, drop: true}",
    );
    expect(rules.classify(recordOf({ a: 1 }))).toMatchObject({ rule: "a,b", drop: false });
  });

  it("the severity can be the event's own", async () => {
    const rules = await rulesOf(
      "rules:\n  - {id: a, match: always, to: {tagged: {severity: {from: how.bad, otherwise: low}}}}",
    );
    const severities = ["CRITICAL", " warn ", "nonsense", 7, undefined].map(
      (bad) => rules.classify(recordOf({ how: { bad } })).targets[0],
    );
    expect(severities).toEqual(
      ["critical", "medium", "low", "low", "low"].map((severity) => expect.objectContaining({ severity })),
    );
  });

  it("retention is told in days", async () => {
    const rules = await rulesOf(
      ["3w", "2y", "90d", "permanent"]
        .map(
          (retention, at) => `  - {id: r${at}, match: {a: ${at}}, to: {tagged: {retention: ${retention}}}}`,
        )
        .join("\n")
        .replace(/^/, "rules:\n"),
    );
    const folders = [0, 1, 2, 3].map((a) => rules.classify(recordOf({ a })).targets[0]);
    expect(folders).toEqual(
      ["21d", "730d", "90d", "permanent"].map((retention) => expect.objectContaining({ retention })),
    );
  });

  it.each([
    ["drop", { rule: undefined, targets: [], drop: true }],
    [
      "{to: {tagged: {tags: [rest]}}}",
      { targets: [expect.objectContaining({ rule: "default", tags: ["rest"] })] },
    ],
    ["{drop: true}", { targets: [], drop: true }],
  ])("`default: %s` is for what no rule takes", async (text, expected) => {
    const rules = await rulesOf(`default: ${text}`);
    expect(rules.classify(recordOf({ a: 1 }))).toMatchObject(expected);
  });
});

describe("decisions", () => {
  it("are shared by all records that the same rules match", async () => {
    const rules = await rulesOf(
      "rules:\n  - {id: a, match: {a: 1}, to: {tagged: {}}, continue: true}\n  - {id: b, match: {b: 1}, to: {raw: {}}}",
    );
    const both = rules.classify(recordOf({ a: 1, b: 1 }));
    expect(rules.classify(recordOf({ a: 1, b: 1, c: 1 }))).toBe(both);
    expect(rules.classify(recordOf({ a: 1 }))).not.toBe(both);
    expect(rules.classify(recordOf({}))).toBe(rules.classify(understand("text")));
  });

  it("read the values of columns, features and labels from the record", async () => {
    const rules = await rulesOf(
      "rules:\n  - {id: a, match: always, to: {summary: {table: t, columns: {n: x.y, who: component}}, training: {dataset: d, features: [f], label: l, fields: [g]}}}",
    );
    const record = recordOf({ x: { y: 5 }, component: "c", metadata: { f: [1, 2], l: 1, g: "h" } });
    const [summary, training] = rules.classify(record).targets;
    if (summary?.category !== "summary" || training?.category !== "training")
      throw new Error("wrong targets");
    expect(summary.columns.map(({ name, read }) => [name, read(record)])).toEqual([
      ["n", 5],
      ["who", "c"],
    ]);
    expect(training.features.map(({ name, read }) => [name, read(record)])).toEqual([["f", [1, 2]]]);
    expect([training.label?.read(record), training.fields[0]?.read(record), training.format]).toEqual([
      1,
      "h",
      "npz",
    ]);
  });
});
