import { expect, it } from "vitest";
import { recordMetrics } from "../../src/pipeline/sample-metrics.js";
import { loadRules } from "../../src/rules/load.js";
import { recordOf, rulesFolder } from "./records.js";

const TAG = "to: {tagged: {severity: {from: severity, otherwise: low}}}";

async function sampled(rules: string, ...records: object[]): Promise<unknown[]> {
  const set = await loadRules(await rulesFolder({ "a.yaml": `rules:\n${rules}` }));
  const samples: unknown[] = [];
  const sink = {
    record: (metric: { name: string }, ...rest: unknown[]) => samples.push([metric.name, ...rest]),
  };
  for (const data of records) {
    const record = recordOf(data);
    recordMetrics(set.classify(record).metrics ?? [], record, sink);
  }
  return samples;
}

it("takes a number out of each line, with labels; a counter without a value counts lines", async () => {
  const metric =
    "[{name: took, type: histogram, value: ms, labels: {model: m, c: component}}, {name: n_total, type: counter}]";
  const rule = `  - {id: a, match: {a: 1}, metric: ${metric}, drop: true}\n`;
  expect(await sampled(rule, { a: 1, ms: "2.5", m: true }, { a: 1, ms: "x" }, { a: 2, ms: 1 })).toEqual([
    ["took", 2.5, ["true", "app"]],
    ["n_total", 1, []],
    ["n_total", 1, []],
  ]);
});

it("labels by the severity that the line is tagged with, and cuts long values", async () => {
  const metric = "{name: s_total, type: counter, labels: {severity: log_sidecar.severity, u: user}}";
  const rule = `  - {id: a, match: always, metric: ${metric}, ${TAG}}\n`;
  expect(await sampled(rule, { severity: "CRITICAL" }, { user: "x".repeat(500) })).toEqual([
    ["s_total", 1, ["critical", ""]],
    ["s_total", 1, ["low", "x".repeat(100)]],
  ]);
});

it("a rule that only measures leaves the line to others", async () => {
  const set = await loadRules(
    await rulesFolder({
      "a.yaml":
        "rules:\n  - {id: a, match: always, metric: {name: n_total, type: counter}, continue: true}\n  - {id: b, match: {b: 1}, to: {raw: {}}}\n",
    }),
  );
  expect(set.classify(recordOf({ b: 1 }))).toMatchObject({ rule: "b", metrics: [{}] });
  expect(set.classify(recordOf({}))).toMatchObject({
    rule: undefined,
    targets: [{ category: "raw" }],
    metrics: [{}],
  });
});

it.each<[string, string, RegExp]>([
  ["a counter's name", "{name: n, type: counter}", /ends in `_total`/],
  ["a histogram without a field", "{name: n, type: histogram}", /`value` is missing|needs a field/],
  ["a name with a dash", "{name: a-b, type: gauge, value: v}", /letters, digits/],
  ["the sidecar's name", "{name: log_sidecar_x, type: gauge, value: v}", /the sidecar itself exports/],
  ["a label with a dot", "{name: n, type: gauge, value: v, labels: [a.b]}", /can't be a label's name/],
  ["buckets that fall", "{name: n, type: histogram, value: v, buckets: [2, 1]}", /must rise/],
  ["an unknown key", "[{name: n, type: gauge, value: v, label: [a]}]", /label/],
])("tells of %s at its place", async (_name, metric, message) => {
  const dir = await rulesFolder({
    "a.yaml": `rules:\n  - {id: a, match: always, metric: ${metric}, to: {raw: {}}}\n`,
  });
  await expect(loadRules(dir)).rejects.toThrow(message);
  await expect(loadRules(dir)).rejects.toThrow(/a\.yaml:2:\d+/);
});

it("one metric has one type and one set of labels in all rules", async () => {
  const rule = (id: string, labels: string) =>
    `  - {id: ${id}, match: {a: ${id}}, metric: {name: n_total, type: counter, labels: [${labels}]}, to: {raw: {}}}\n`;
  await expect(sampled(rule("a", "x") + rule("b", "y"))).rejects.toThrow(
    /a\.yaml:3:\d+ +the metric `n_total` has/,
  );
  expect(await sampled(rule("a", "x") + rule("b", "x"))).toEqual([]);
});
