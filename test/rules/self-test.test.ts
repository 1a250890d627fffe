import { expect, it } from "vitest";
import { applyEdits } from "../../src/pipeline/edits.js";
import { loadRules } from "../../src/rules/load.js";
import { runTests } from "../../src/rules/self-test.js";
import { rulesFolder, understand } from "./records.js";

const RULES = `
rules:
  - id: alert
    match: { kind: alert }
    to: { raw: {}, summary: { table: t, columns: { size: n } }, tagged: { tags: [x], severity: high } }
  - id: noise
    match: { kind: noise }
    drop: true
  - id: labelled
    match: { container.labels.team: blue, stream: stderr }
    to: { raw: {} }
tests:
`;

const SIGMA =
  "title: T\nid: s1\nlogsource: {product: p}\ndetection: {s: {kind: alert}, condition: s}\nlevel: low\n";

async function faults(test: string): Promise<string[]> {
  const rules = await loadRules(await rulesFolder({ "a.yaml": `${RULES}  - ${test}\n`, "s.yml": SIGMA }));
  return runTests(rules, understand, applyEdits).map(({ line, message }) => `${line}: ${message}`);
}

it.each([
  "{line: {kind: alert, n: 5}, rule: alert, to: [tagged, raw, summary], severity: high, tags: [x], values: {size: 5}}",
  '{line: \'{"kind":"alert","tags":["own"]}\', tags: [own, x]}',
  "{line: {kind: noise}, rule: noise, to: []}",
  "{line: text, rule: null, to: [raw], values: {message: text, component: app}}",
  "{line: text, container: {labels: {team: blue}}, stream: stderr, rule: labelled}",
  "{line: {kind: alert}, container: {labels: {log-sidecar.logsource: product=p}}, sigma: s1, to: [raw, summary, tagged]}",
  "{line: {kind: alert}, sigma: []}",
  "{line: text, container: {name: web-1}, values: {container.name: web-1, component: web-1}}",
])("holds: %s", async (test) => {
  expect(await faults(test)).toEqual([]);
});

it.each<[string, string]>([
  ["{line: {kind: alert}, rule: noise}", '`rule` is "alert", expected "noise"'],
  ["{line: {kind: alert}, rule: null}", '`rule` is "alert", expected null'],
  ["{line: text, rule: alert}", '`rule` is null, expected "alert"'],
  ["{line: text, to: [raw, tagged]}", '`to` is ["raw"], expected ["raw","tagged"]'],
  ["{line: {kind: noise}, to: [raw]}", '`to` is [], expected ["raw"]'],
  ["{line: {kind: alert, n: 5}, values: {size: 6}}", "`values.size` is 5, expected 6"],
  ["{line: {kind: alert}, values: {size: 6}}", "`values.size` is absent, expected 6"],
  ["{line: {kind: alert, n: '5'}, values: {size: 5}}", '`values.size` is "5", expected 5'],
  ["{line: {kind: alert}, severity: low}", '`severity` is "high", expected "low"'],
  ["{line: text, severity: low}", '`severity` is absent, expected "low"'],
  ["{line: {kind: alert}, tags: [x, y, z]}", '`tags` are ["x"], without y, z'],
  ["{line: {kind: alert}, sigma: s1}", '`sigma` is [], expected ["s1"]'],
  ["{line: text}", "it expects nothing; say `rule`, `to`, `values`, `tags`, `severity` or `sigma`"],
])("does not hold: %s", async (test, fault) => {
  expect(await faults(test)).toEqual([`13: the test does not hold: ${fault}`]);
});

it("sees the line as one that is kept, waits for none, and was edited", async () => {
  const text = `
rules:
  - {id: mask, match: always, redact: [card], set: {n: 1}, continue: true}
  - {id: few, match: {kind: few}, sample: 0.000001, to: {raw: {}, summary: {table: t, columns: [n]}}}
  - {id: once, match: {kind: once}, dedupe: {window: 1s}, to: {tagged: {tags: [x]}}}
tests:
  - {line: {kind: few}, rule: few, to: [raw, summary], values: {n: 1}}
  - {line: {kind: once, card: 4711}, rule: once, to: [tagged], tags: [x], values: {card: "[redacted]"}}
  - {line: {card: 4711}, rule: null, to: [raw], values: {card: "[redacted]", n: 1}}
`;
  const rules = await loadRules(await rulesFolder({ "a.yaml": text }));
  expect(runTests(rules, understand, applyEdits)).toEqual([]);
});
