import fc from "fast-check";
import { expect, it } from "vitest";
import type { Decision } from "../../src/core/decision.js";
import { RuleMatches } from "../../src/telemetry/rule-matches.js";

const START_MS = Date.parse("2026-01-31T12:00:30Z");
const MINUTE_MS = 60_000;

function decisionOf(rule: string): Decision {
  return { rule, targets: [] } as unknown as Decision;
}

it("tells what each rule took since the start, in the last hour and day, and when the last was", () => {
  let now = START_MS;
  const matches = new RuleMatches(() => now);
  const [a, b] = [decisionOf("a"), decisionOf("b")];
  matches.add(a, 5);
  now += 59 * MINUTE_MS;
  matches.add(a, 2);
  matches.add(b, 1);
  expect(matches.recent("a")).toEqual({ hour: 7, day: 7, lastMs: now });
  now += MINUTE_MS;
  expect(matches.recent("a")).toEqual({ hour: 2, day: 7, lastMs: START_MS + 59 * MINUTE_MS });
  now += 23 * 60 * MINUTE_MS;
  expect(matches.recent("a")).toMatchObject({ hour: 0, day: 0 });
  expect([...matches.totals()]).toEqual([
    ["a", 7],
    ["b", 1],
  ]);
  expect(matches.recent("c")).toBeUndefined();
});

it("counts as looking at each line would, whatever comes when", () => {
  const step = fc.record({ minutes: fc.nat(90), rule: fc.constantFrom("a", "b"), lines: fc.nat(5) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let now = START_MS;
      const matches = new RuleMatches(() => now);
      const decisions = { a: decisionOf("a"), b: decisionOf("b") };
      const came: { atMs: number; rule: string; lines: number }[] = [];
      for (const { minutes, rule, lines } of steps) {
        now += minutes * MINUTE_MS;
        matches.add(decisions[rule], lines);
        came.push({ atMs: now, rule, lines });
      }
      const turn = (ms: number, of: number) => Math.floor(ms / of);
      const within = (of: number, turns: number) =>
        came
          .filter(({ atMs, rule }) => rule === "a" && turn(atMs, of) > turn(now, of) - turns)
          .reduce((sum, { lines }) => sum + lines, 0);
      const { hour = 0, day = 0 } = matches.recent("a") ?? {};
      expect([hour, day]).toEqual([within(MINUTE_MS, 60), within(60 * MINUTE_MS, 24)]);
    }),
  );
});
