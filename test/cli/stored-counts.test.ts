import { expect, it } from "vitest";
import { type Expected, keyOf, StoredCounts, spanOf, type Verdict } from "../../src/cli/stored-counts.js";

const at = (second: number) => `2026-01-31T12:00:0${second}.000000000Z`;
const keyAt = (second: number) => keyOf("api", at(second), "stdout", "tagged");
const waiting = (second: number, rule: string, windowMs = 1_000) => ({
  key: keyAt(second),
  ts: at(second),
  span: spanOf("api", "tagged", rule),
  windowMs,
});

function verdict(
  expected: Pick<Expected, "deduped"> & Partial<Expected>,
  ...stored: { second: number; rule: string; last?: number }[]
): Verdict {
  const all: Expected = {
    container: "api",
    earlierNames: [],
    keys: [],
    elsewhere: 0,
    recent: 0,
    ...expected,
  };
  const counts = new StoredCounts();
  counts.expect(all);
  for (const { second, rule, last } of stored) {
    const times = last === undefined ? { ts: at(second) } : { ts: at(second), last_ts: at(last) };
    counts.found({ container: "api", stream: "stdout", rule, ...times }, "tagged");
  }
  return counts.verdictOn(all);
}

it("lets one of a line's records be stored and the other stand in a record of its rule", () => {
  const deduped = [waiting(1, "a"), waiting(2, "a"), waiting(1, "b"), waiting(2, "b")];
  const stored = [
    { second: 1, rule: "a", last: 2 },
    { second: 1, rule: "b" },
    { second: 2, rule: "b" },
  ];
  expect(verdict({ deduped }, ...stored)).toMatchObject({ held: 4, collapsed: 1, missingCount: 0 });
  const short = verdict({ deduped }, ...stored.slice(0, 2));
  expect(short).toMatchObject({ collapsed: 1, missing: [`${at(2)} stdout tagged`], doubleCount: 0 });
});

it("lets a record that is stored at once stand beside one that became part of another", () => {
  const expected = { keys: [keyAt(2)], deduped: [waiting(1, "a"), waiting(2, "a")] };
  const first = { second: 1, rule: "a", last: 2 };
  const atOnce = { second: 2, rule: "sigma" };
  expect(verdict(expected, first, atOnce)).toMatchObject({ held: 3, collapsed: 1, missingCount: 0 });
  expect(verdict(expected, first)).toMatchObject({ missingCount: 1 });
  expect(verdict(expected, first, atOnce, atOnce, atOnce)).toMatchObject({ doubleCount: 1 });
});

it("calls missing what no record of its rule spans", () => {
  const deduped = [waiting(1, "a"), waiting(4, "a")];
  expect(verdict({ deduped }, { second: 1, rule: "a", last: 2 })).toMatchObject({
    collapsed: 0,
    missing: [`${at(4)} stdout tagged`],
  });
});

it("finds what a container printed before it was renamed, beside the one that took its name", () => {
  const expected = (container: string, earlierNames: string[], ...seconds: number[]): Expected => {
    const keys = seconds.map((second) => keyOf(container, at(second), "stdout", "raw"));
    return { container, earlierNames, keys, deduped: [], elsewhere: 0, recent: 0 };
  };
  const [renamed, successor] = [expected("api-old", ["api"], 1, 2, 3), expected("api", [], 3, 4)];
  const counts = new StoredCounts();
  counts.expect(renamed);
  counts.expect(successor);
  for (const [container, second] of [
    ["api", 1],
    ["api", 3],
    ["api", 3],
    ["api-old", 2],
    ["api", 4],
  ] as const) {
    counts.found({ container, stream: "stdout", ts: at(second) }, "raw");
  }
  const whole = { missingCount: 0, doubleCount: 0 };
  expect([renamed, successor].map((one) => counts.verdictOn(one))).toMatchObject([whole, whole]);
  counts.found({ container: "api", stream: "stdout", ts: at(1) }, "raw");
  expect(counts.verdictOn(renamed)).toMatchObject({ doubleCount: 1 });
});

it("takes a line of tagged for stored where raw has it instead, as it was more than a quota; in both it is double", () => {
  const counts = new StoredCounts();
  const keys = [1, 2, 3].map(keyAt);
  const all = { container: "api", earlierNames: [], keys, deduped: [], elsewhere: 0, recent: 0 };
  counts.expect(all);
  const find = (second: number, category: "raw" | "tagged") =>
    counts.found({ container: "api", stream: "stdout", ts: at(second) }, category);
  find(1, "raw");
  find(2, "raw");
  find(2, "tagged");
  const shown = (second: number) => `${at(second)} stdout tagged`;
  expect(counts.verdictOn(all)).toMatchObject({ missing: [shown(3)], double: [shown(2)] });
});
