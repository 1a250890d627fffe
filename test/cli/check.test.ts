import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type CheckOptions, type CheckReport, check } from "../../src/cli/check.js";
import { main } from "../../src/cli/program.js";
import { containerFrom } from "../../src/rules/test-record.js";
import { rulesFolder, understand } from "../rules/records.js";

const GOOD = `rules:
  - {id: a, match: {a: 1}, to: {raw: {}}}
  - {id: b, match: {a: 1, b: 1}, drop: true}
tests:
  - {line: {a: 1}, rule: a}
`;
const SIGMA = "title: T\nid: s1\nlogsource: {product: p}\ndetection: {s: {a: 1}, condition: s}\n";

async function run(files: Record<string, string>, options: Partial<CheckOptions> = {}) {
  const rulesDir = await rulesFolder(files);
  let text = "";
  const output = { write: (part: string) => (text += part) };
  const status = await check({ rulesDir, json: false, strict: false, understand, ...options }, output);
  return { status, text: text.replaceAll(rulesDir, "rules") };
}

async function report(files: Record<string, string>, options: Partial<CheckOptions> = {}) {
  const { status, text } = await run(files, { ...options, json: true });
  return { status, report: JSON.parse(text) as CheckReport };
}

it("is 0 when all is well, and says what was read and what is never reached", async () => {
  expect(await run({ "a.yaml": GOOD })).toEqual({
    status: 0,
    text:
      "rules/a.yaml:3:5  note: b is never reached; a (rules/a.yaml:2) takes all that it matches\n" +
      "2 rules, 0 Sigma rules, 1 test in 1 file: all well\n",
  });
});

it("is 78 with every error at its place, and runs no test then", async () => {
  const { status, text } = await run({
    "a.yaml": GOOD.replace("drop: true", "drop: 1"),
    "b.yaml": "rules: 5",
  });
  expect(status).toBe(78);
  expect(text).toMatch(
    /^rules\/a\.yaml:3:\d+ {2}`drop` is 1 .*\nrules\/b\.yaml:1:8 {2}`rules` is 5 .*\n2 errors; no test was run\n$/,
  );
});

it("is 78 when a test does not hold", async () => {
  const { status, text } = await run({ "a.yaml": GOOD.replace("rule: a}", "rule: b, to: [tagged]}") });
  expect(status).toBe(78);
  expect(text).toContain('rules/a.yaml:5:5  the test does not hold: `rule` is "a", expected "b"\n');
  expect(text).toMatch(/1 test in 1 file: 2 errors\n$/);
});

it("is 78 for a plain Sigma file that is left out for a mistake, though the others are tested", async () => {
  const { status, text } = await run({ "a.yaml": GOOD, "s.yml": SIGMA.replace("{a: 1}", "{a|starts: x}") });
  expect(status).toBe(78);
  expect(text).toMatch(/rules\/s\.yml:4:\d+ {2}left out: .*startswith/);
  expect(text).toContain("1 test in 2 files: 1 error");
});

it("only warns of published rules that need what is not supported, unless it is strict", async () => {
  const files = {
    "s.yml": SIGMA.replace("{a: 1}", "{a|expand: '%x%'}"),
    "r.yml": SIGMA.replace("{a: 1}", "{a|re: 'x(?=y)'}"),
    "c.yml": "title: Many\ncorrelation: {type: event_count, rules: [s2]}\n",
    "b.yml": SIGMA.replace("s1", "s2"),
  };
  const { status, text } = await run(files);
  expect(status).toBe(0);
  expect(text.match(/^rules\/[bcrs]\.yml:\d+:\d+ {2}warning: left out: /gm)).toHaveLength(4);
  expect(text).toMatch(/4 files: all well but for 4 rules left out\n$/);
  const strict = await run(files, { strict: true });
  expect(strict.status).toBe(78);
  expect(strict.text).toMatch(/4 files: 4 errors\n$/);
});

it.each(["check", "explain", "replay"])(
  "%s takes rules behind it or behind --rules, but not two",
  async (command) => {
    const dir = await rulesFolder({ "a.yaml": "rules: [{id: of-a, match: always, to: {raw: {}}}]" });
    const other = await rulesFolder({ "b.yaml": "rules: []" });
    const line = command === "explain" ? ["hello"] : [];
    const inLogs = command === "replay" ? ["--log-dir", other] : [];
    const said = async (...args: string[]) => {
      let text = "";
      const output = { out: { write: (part: string) => (text += part) }, err: { write: () => true } };
      await main([command, ...line, ...inLogs, ...args], { env: {}, shippedRules: other, output });
      return text;
    };
    const file = join(dir, "a.yaml");
    const byFlag = await said("--rules", file);
    expect(byFlag).toMatch(/of-a|1 rule,|0 stored lines/);
    expect(await said(file)).toBe(byFlag);
    await expect(said(file, "--rules", other)).rejects.toThrow(/rules are named twice/);
  },
);

it("says of a folder that is not there what any command would, and in JSON too", async () => {
  const rulesDir = "/nowhere/rules";
  await expect(run({}, { rulesDir })).rejects.toMatchObject({ code: "RULES_INVALID" });
  const { status, text } = await run({}, { rulesDir, json: true });
  expect(status).toBe(78);
  expect(JSON.parse(text).problems[0].message).toMatch(/rules folder \/nowhere\/rules cannot be read/);
});

it("says when there are no rules at all", async () => {
  expect(await run({})).toEqual({ status: 0, text: "rules holds no rule files: every line goes to raw\n" });
});

describe("inactive Sigma rules", () => {
  const files = { "s.yml": SIGMA, "t.yml": SIGMA.replace("s1", "t1") };

  it("are counted by the label that a container would need", async () => {
    const { status, text } = await run(files);
    expect(status).toBe(0);
    expect(text).toContain("note: 2 Sigma rules inactive until a container has one of the labels\n");
    expect(text).toContain("  log-sidecar.logsource: product=p  (2 rules)\n");
  });

  it("are fewer with the settings and containers that are there", async () => {
    const logsources = [{ image: "x", logsource: { product: "p" } }];
    expect((await report(files, { logsources })).report.inactive).toEqual([]);
    const labelled = containerFrom({ labels: { "log-sidecar.logsource": "product=p" } });
    expect((await report(files, { containers: async () => [labelled] })).report.inactive).toEqual([]);
  });
});

it("--json gives the same as one object", async () => {
  const { status, report: good } = await report({ "a.yaml": GOOD, "s.yml": SIGMA });
  expect(status).toBe(0);
  expect(good).toMatchObject({
    ok: true,
    files: 2,
    rules: 2,
    sigma: 1,
    tests: 1,
    problems: [],
    hidden: [{ rule: "b", line: 3, by: expect.stringMatching(/^a \(/) }],
    inactive: [{ rule: "s1", title: "T", logsource: "product=p" }],
  });
  const { status: bad, report: wrong } = await report({
    "a.yaml": "rules: 5",
    "s.yml": SIGMA.replace("s}", "t}"),
  });
  expect(bad).toBe(78);
  expect(wrong.problems.map(({ kind, line, column }) => [kind, line, column])).toEqual([
    ["error", 1, 8],
    ["left-out", 4, expect.any(Number)],
  ]);
});
