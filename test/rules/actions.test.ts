import { relative } from "node:path";
import { describe, expect, it } from "vitest";
import { loadRules } from "../../src/rules/load.js";
import type { RulesInvalid } from "../../src/rules/problems.js";
import type { RuleSet } from "../../src/rules/rule-set.js";
import { recordOf, rulesFolder } from "./records.js";

async function rulesFrom(...rules: string[]): Promise<RuleSet> {
  return loadRules(
    await rulesFolder({ "a.yaml": `rules:\n${rules.map((rule) => `  - {${rule}}\n`).join("")}` }),
  );
}

async function problemsOf(rule: string): Promise<string[]> {
  const dir = await rulesFolder({ "a.yaml": `rules:\n  - id: r\n    match: {a: 1}\n    ${rule}\n` });
  const error = await loadRules(dir).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  return ((error as RulesInvalid | undefined)?.problems ?? []).map(
    ({ file, line, column, message }) => `${relative(dir, file)}:${line}:${column} ${message}`,
  );
}

const TO = "to: {raw: {}}\n    ";

describe("what a rule cannot do is told at its place", () => {
  it.each([
    [
      "a share of nothing",
      `${TO}sample: 0`,
      /^a.yaml:5:13 `sample` is 0; that keeps nothing: use `drop: true`$/,
    ],
    ["a share above all", `${TO}sample: 1.5`, /`sample` is 1.5; must be above 0 and at most 1/],
    ["a negative share", `${TO}sample: -0.1`, /`sample` is -0.1; must be above 0 and at most 1/],
    ["a share in words", `${TO}sample: half`, /`sample` is "half" where a number is meant/],
    [
      "a window too short",
      `${TO}dedupe: {window: 99ms}`,
      /^a.yaml:5:22 `window` is "99ms"; must be a duration from 100ms to 1h/,
    ],
    [
      "a window too long",
      `${TO}dedupe: {window: 61m}`,
      /`window` is "61m"; must be a duration from 100ms to 1h/,
    ],
    [
      "a window without a unit",
      `${TO}dedupe: {window: 10}`,
      /`window` is 10; must be a duration from 100ms to 1h/,
    ],
    ["no window", `${TO}dedupe: {by: [a]}`, /`window` is missing/],
    ["by nothing", `${TO}dedupe: {window: 1s, by: []}`, /`by` is a list; names no field/],
    ["a slip in dedupe", `${TO}dedupe: {windw: 1s}`, /unknown key `windw`; did you mean `window`\?/],
    ["an empty path", `${TO}redact: [a, ""]`, /^a.yaml:5:17 `redact` is ""; must be a field's name$/],
    ["no path", `${TO}redact: []`, /`redact` is a list; names no field/],
    [
      "the engine's time redacted",
      `${TO}redact: [ts]`,
      /^a.yaml:5:14 `redact` is "ts"; the engine says this/,
    ],
    [
      "the engine's time set",
      `${TO}set: {ts: 1}`,
      /^a.yaml:5:15 `ts` is 1; the engine says `ts`, not the app/,
    ],
    ["the container set", `${TO}set: {container.name: x}`, /the engine says `container.name`, not the app/],
    ["the stream set", `${TO}set: {stream: stderr}`, /the engine says `stream`, not the app/],
    ["the line set", `${TO}set: {line: x}`, /`line` is the line as it was printed/],
    [
      "a level that is none",
      `${TO}set: {level: loud}`,
      /`level` is "loud"; it can be trace, debug, info, warning/,
    ],
    ["an event of the sidecar's", `${TO}set: {event_type: log_sidecar.gap}`, /what the sidecar says itself/],
    ["a component that is none", `${TO}set: {component: [a]}`, /`component` is a list; must be a name/],
    ["a number that JSON has not", `${TO}set: {a: .inf}`, /JSON has no such number/],
    ["nothing set", `${TO}set: {}`, /`set` is a map; names no field/],
    [
      "dedupe of what is dropped",
      "drop: true\n    dedupe: {window: 1s}",
      /^a.yaml:5:5 `drop: true` writes nothing, so `dedupe` has/,
    ],
    [
      "a share of what is dropped",
      "drop: true\n    sample: 0.5",
      /`drop: true` writes nothing, so `sample` has/,
    ],
    [
      "edits of what is dropped",
      "drop: true\n    redact: [a]",
      /`drop: true` writes nothing, so `redact` has/,
    ],
    [
      "a share of nowhere",
      "sample: 0.5\n    continue: true",
      /^a.yaml:4:5 `sample` says how records are written; give/,
    ],
    [
      "edits that end the search",
      "redact: [a]",
      /^a.yaml:2:5 a rule that only edits or measures says `continue: true`/,
    ],
  ])("%s", async (_name, rule, message) => {
    expect(await problemsOf(rule)).toEqual([expect.stringMatching(message)]);
  });
});

describe("a rule that only edits", () => {
  it("decides nothing: the default, a wish and later rules do", async () => {
    const rules = await rulesFrom(
      "id: mask, match: always, redact: [user], set: {seen: true}, continue: true",
      "id: next, match: {b: 1}, to: {tagged: {}}",
    );
    const edits = [{ set: { seen: true }, redact: ["user"] }];
    expect(rules.classify(recordOf({ a: 1 }))).toEqual({
      rule: undefined,
      targets: [{ category: "raw" }],
      drop: false,
      sampled: false,
      actions: { edits, waiting: [] },
    });
    expect(rules.classify(recordOf({ b: 1 }))).toMatchObject({ rule: "next", actions: { edits } });
    expect(rules.classify(recordOf({ category: "tagged" })).targets).toMatchObject([{ category: "tagged" }]);
  });

  it("is heard in the order of the rules, also where one is sampled out", async () => {
    const rules = await rulesFrom(
      "id: first, match: always, to: {raw: {}}, sample: 0.000001, set: {a: 1}, continue: true",
      "id: second, match: always, to: {tagged: {}}, set: {a: 2}",
    );
    const { actions, targets } = rules.classify(recordOf({ c: 1 }));
    expect(actions?.edits.map(({ set }) => set)).toEqual([{ a: 1 }, { a: 2 }]);
    expect(targets.map(({ category }) => category)).toEqual(["tagged"]);
  });
});

describe("sampling", () => {
  it("leaves nothing of a line, and does not hand it to the default", async () => {
    const rules = await rulesFrom("id: noise, match: always, to: {raw: {}}, sample: 0.000001");
    expect(rules.classify(recordOf({ a: 1 }))).toEqual({
      rule: "noise",
      targets: [],
      drop: false,
      sampled: true,
      actions: undefined,
    });
    expect(rules.classify(recordOf({ a: 1 }), true).targets).toEqual([{ category: "raw" }]);
  });

  it("never takes away what another rule adds", async () => {
    const rules = await rulesFrom(
      "id: noise, match: always, to: {raw: {}}, sample: 0.000001, continue: true",
      "id: alert, match: {b: 1}, to: {tagged: {}}",
      "id: gone, match: {c: 1}, drop: true",
    );
    const { targets, sampled } = rules.classify(recordOf({ b: 1 }));
    expect([targets.length, sampled]).toEqual([1, false]);
    expect(rules.classify(recordOf({ c: 1 }))).toMatchObject({ drop: true, sampled: false });
    expect(rules.classify(recordOf({ d: 1 }))).toMatchObject({ drop: false, sampled: true });
  });

  it("has one decision for the lines kept and one for the others, made once", async () => {
    const rules = await rulesFrom("id: half, match: always, to: {raw: {}}, sample: 0.5");
    const decisions = Array.from({ length: 100 }, (_, at) => {
      const ts = `2026-01-31T23:59:59.${String(at).padStart(9, "0")}Z`;
      return rules.classify({ ...recordOf({ a: 1 }), ts });
    });
    expect(new Set(decisions).size).toBe(2);
  });
});

describe("dedupe", () => {
  const DEDUPE = "dedupe: {window: 10s, by: [user]}";

  it("lets the rule's targets wait, and no others", async () => {
    const rules = await rulesFrom(
      `id: noisy, match: always, to: {raw: {}, summary: {table: t, columns: [a]}}, ${DEDUPE}, continue: true`,
      "id: alert, match: {b: 1}, to: {raw: {}}",
    );
    const alone = rules.classify(recordOf({ a: 1 }));
    expect([alone.targets, alone.drop, alone.sampled]).toEqual([[], false, false]);
    expect(alone.actions?.waiting).toMatchObject([
      {
        rule: "noisy",
        windowMs: 10_000,
        targets: [{ category: "raw" }, { category: "summary", table: "t" }],
        taken: [],
      },
    ]);
    const both = rules.classify(recordOf({ b: 1 }));
    expect(both).toMatchObject({ rule: "noisy,alert", targets: [{ category: "raw" }] });
    expect(both.actions?.waiting).toMatchObject([{ targets: [{ category: "summary" }], taken: ["raw"] }]);
  });

  it("has nothing to wait for where another rule writes it all at once", async () => {
    const rules = await rulesFrom(
      `id: noisy, match: always, to: {raw: {}}, ${DEDUPE}, continue: true`,
      "id: all, match: always, to: {raw: {}}",
    );
    expect(rules.classify(recordOf({ a: 1 })).actions).toBeUndefined();
  });

  it("makes one tagged record of native rules, at once where one of them does not wait", async () => {
    const rules = await rulesFrom(
      `id: noisy, match: always, to: {tagged: {tags: [n]}}, ${DEDUPE}, continue: true`,
      "id: alert, match: {b: 1}, to: {tagged: {tags: [a], severity: high}}",
    );
    const { targets, actions } = rules.classify(recordOf({ b: 1 }));
    expect(targets).toMatchObject([{ tags: ["a", "n"], severity: "high" }]);
    expect(actions).toBeUndefined();
    expect(rules.classify(recordOf({ a: 1 })).actions?.waiting).toMatchObject([
      { targets: [{ tags: ["n"] }] },
    ]);
  });

  it("gives a place to the first of several rules that wait", async () => {
    const rules = await rulesFrom(
      "id: one, match: always, to: {raw: {}}, dedupe: {window: 1s}, continue: true",
      "id: two, match: always, to: {raw: {}, tagged: {}}, dedupe: {window: 1m}",
    );
    expect(rules.classify(recordOf({ a: 1 })).actions?.waiting).toMatchObject([
      { rule: "one", windowMs: 1_000, targets: [{ category: "raw" }] },
      { rule: "two", windowMs: 60_000, targets: [{ category: "tagged" }], taken: ["raw"] },
    ]);
  });

  it("leaves what Sigma rules add alone", async () => {
    const sigma = "title: s\nlogsource: {product: x}\ndetection: {s: {b: 1}, condition: s}\n";
    const native = `rules:\n  - {id: noisy, match: always, to: {tagged: {}}, ${DEDUPE}}\n`;
    const rules = await loadRules(await rulesFolder({ "a.yaml": native, "s.yaml": sigma }), {
      anyLogsource: true,
    });
    const { targets, actions } = rules.classify(recordOf({ b: 1 }));
    expect(targets).toMatchObject([{ category: "tagged", rule: "s" }]);
    expect(actions?.waiting).toMatchObject([{ targets: [{ rule: "noisy" }] }]);
  });

  it("goes on after a start as the rules are then", async () => {
    const rules = await rulesFrom(
      `id: noisy, match: always, to: {raw: {}, tagged: {severity: {from: urgency, otherwise: low}}}, ${DEDUPE}`,
    );
    const record = recordOf({ urgency: "high" });
    expect(rules.waitingAgain("noisy", ["raw"], record)).toMatchObject({
      windowMs: 10_000,
      targets: [{ category: "tagged", severity: "high" }],
    });
    const gone = { rule: "gone", windowMs: 0, by: undefined };
    expect(rules.waitingAgain("gone", [], record)).toEqual({
      ...gone,
      targets: [{ category: "raw" }],
      taken: [],
    });
    expect(rules.waitingAgain("gone", ["raw"], record)).toEqual({ ...gone, targets: [], taken: ["raw"] });
  });
});
