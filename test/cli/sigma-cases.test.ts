import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Line } from "../../src/core/line.js";
import { createUnderstand } from "../../src/records/understand.js";
import { loadRules } from "../../src/rules/load.js";
import { containerFrom } from "../../src/rules/test-record.js";
import { rulesFolder } from "../rules/records.js";
import { readSigmaCases, type SigmaCase } from "../rules/sigma-cases.js";

const MAIN = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
/** Rules of the sample; most have several events. */
const SAMPLED = 8;
/** Programs that run at one time. */
const BESIDE = 2;

const cases = readSigmaCases(import.meta.url);

function lineOf(text: string): Line {
  const ts = "2026-01-31T23:59:59.123456789Z";
  return { ts, stream: "stdout", text, lines: 1, truncated: false, replaced: false };
}

/** What stands in standard output of `explain --json --any-logsource` for these lines. */
async function explained(dir: string, input: string): Promise<Record<string, unknown>[]> {
  const child = spawn(process.execPath, [
    MAIN,
    ...["explain", "--json", "--any-logsource", "--rules", dir, "-"],
  ]);
  let out = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.pipe(process.stderr);
  child.stdin.end(input);
  const [status] = await once(child, "close");
  expect(status).toBe(0);
  return out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe.skipIf(cases.length === 0)("published Sigma cases as rule files", () => {
  const understand = createUnderstand();

  it("are decided so for a line that a container printed", async () => {
    const wrong: string[] = [];
    for (const [at, { rule_yaml, event, expect: expected, note }] of cases.entries()) {
      const rules = await loadRules(await rulesFolder({ "rule.yml": rule_yaml }), { anyLogsource: true });
      const record = understand(lineOf(JSON.stringify(event)), containerFrom());
      const tagged = rules.classify(record).targets.some(({ category }) => category === "tagged");
      const matched = rules.matching(record).length > 0;
      if (rules.leftOut.length > 0 || tagged !== expected || matched !== expected)
        wrong.push(`${at + 1}: ${note}`);
    }
    expect(wrong).toEqual([]);
  }, 120_000);

  it("are told so by the command, for a sample of the rules and all of their events", async () => {
    const byRule = new Map<string, SigmaCase[]>();
    for (const one of cases) byRule.set(one.rule_yaml, [...(byRule.get(one.rule_yaml) ?? []), one]);
    const step = Math.ceil(byRule.size / SAMPLED);
    const sample = [...byRule.values()].filter((_rule, at) => at % step === 0);
    const wrong: string[] = [];
    const next = async (): Promise<void> => {
      const events = sample.pop();
      if (events === undefined) return;
      wrong.push(...(await toldOtherwise(events)));
      await next();
    };
    await Promise.all(Array.from({ length: BESIDE }, next));
    expect(wrong).toEqual([]);
  }, 120_000);

  /** The notes of those that the command decides otherwise than expected. */
  async function toldOtherwise(events: readonly SigmaCase[]): Promise<string[]> {
    const dir = await rulesFolder({ "rule.yml": events[0]?.rule_yaml ?? "" });
    const answers = await explained(dir, events.map(({ event }) => `${JSON.stringify(event)}\n`).join(""));
    expect(answers).toHaveLength(events.length);
    return events
      .filter(({ expect: expected }, at) => {
        const { matched, to } = answers[at] as { matched: string[]; to: string[] };
        return matched.length > 0 !== expected || to.includes("tagged") !== expected;
      })
      .map(({ note }) => note);
  }
});
