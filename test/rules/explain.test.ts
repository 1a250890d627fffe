import { expect, it } from "vitest";
import { applyEdits } from "../../src/pipeline/edits.js";
import { explain } from "../../src/rules/explain.js";
import { loadRules } from "../../src/rules/load.js";
import { recordOf, rulesFolder } from "./records.js";

const FILES = {
  "a.yaml": `
rules:
  - {id: near, match: {kind: alert, size|gte: 10, who: ann}, drop: true}
  - {id: far, match: {kind: other, size|gte: 10}, drop: true}
  - {id: on, match: {kind: alert}, to: {raw: {}}, continue: true}
  - id: took
    match: { kind: alert, size|gte: 5 }
    to: { summary: { table: a/b, columns: [size] }, tagged: { tags: [x], severity: high, retention: 90d } }
  - {id: late, match: {kind: alert}, drop: true}
`,
  "s.yml": "title: T\nid: s1\nlogsource: {product: p}\ndetection: {s: {kind: alert}, condition: s}\n",
};

async function explanation(data: object, container = {}) {
  return explain(await loadRules(await rulesFolder(FILES)), recordOf(data, container), applyEdits);
}

it("says which rules took a record, what they asked, and what comes too late", async () => {
  const { by, took, late, decision } = await explanation({
    kind: "alert",
    size: 7,
    who: "ann",
    tags: ["own"],
  });
  expect(by).toBe("rule");
  expect(decision.rule).toBe("on,took");
  expect(took.map(({ rule, line, held }) => [rule, line, held])).toEqual([
    ["on", 5, 1],
    ["took", 6, 1],
  ]);
  expect(took[1]?.answers.filter(({ held }) => !held)).toEqual([]);
  expect(late.map(({ rule }) => rule)).toEqual(["late"]);
});

it("says what is written where, with safe names", async () => {
  const { written } = await explanation({
    kind: "alert",
    size: 7,
    level: "error",
    tags: ["own"],
    component: "api",
  });
  expect(written).toEqual([
    { category: "raw", file: "raw/api/error_<date>.jsonl", values: {} },
    {
      category: "summary",
      file: expect.stringMatching(/^summary\/a_b-[0-9a-f]{16}\/a_b-[0-9a-f]{16}_<date>\.csv$/),
      values: { size: 7 },
    },
    {
      category: "tagged",
      file: "tagged/90d/events_<date>.jsonl",
      values: { rule: "took", severity: "high", tags: ["own", "x"] },
    },
  ]);
});

it("says which rules came near and what failed, not those that were far", async () => {
  const { near } = await explanation({ kind: "alert", size: 7, who: "ann" });
  expect(near.map(({ rule }) => rule)).toEqual(["near"]);
  expect(near[0]?.held).toBeCloseTo(2 / 3);
  const failed = near[0]?.answers.filter(({ held, depth }) => !held && depth > 0) ?? [];
  expect(failed).toHaveLength(1);
  expect(failed[0]?.text).toContain("size|gte");
});

it("tells the default from a wish", async () => {
  expect((await explanation({ x: 1 })).by).toBe("default");
  expect((await explanation({ x: 1, category: "tagged" })).by).toBe("wish");
});

it("asks Sigma rules by log source and names those that were not asked", async () => {
  const outside = await explanation({ kind: "alert" });
  expect(outside.notAsked).toEqual(["s1 (product=p)"]);
  const inside = await explanation({ kind: "alert" }, { labels: { "log-sidecar.logsource": "product=p" } });
  expect(inside.notAsked).toEqual([]);
  expect(inside.took.map(({ rule, sigma }) => [rule, sigma])).toEqual([
    ["on", false],
    ["late", false],
    ["s1", true],
  ]);
});
