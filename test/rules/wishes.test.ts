import { expect, it } from "vitest";
import { loadRules } from "../../src/rules/load.js";
import { fieldsOf } from "../../src/rules/self-test.js";
import { recordOf, rulesFolder } from "./records.js";

async function rules(text = "rules: []") {
  return loadRules(await rulesFolder({ "a.yaml": text }));
}

it("is heard only where no rule matches, and before the default", async () => {
  const set = await rules("rules:\n  - {id: a, match: {a: 1}, to: {raw: {}}}\ndefault: drop");
  expect(set.classify(recordOf({ a: 1, category: "tagged" }))).toMatchObject({
    rule: "a",
    targets: [{ category: "raw" }],
  });
  expect(set.classify(recordOf({ category: "raw" }))).toEqual({
    rule: undefined,
    targets: [{ category: "raw" }],
    drop: false,
    sampled: false,
  });
});

it("tagged is kept for a year, with the event's severity or its level's", async () => {
  const set = await rules();
  const target = (data: object) => set.classify(recordOf({ category: "tagged", ...data })).targets[0];
  expect(target({ level: "ERROR", metadata: { severity: "low" } })).toEqual({
    category: "tagged",
    rule: "wish",
    tags: [],
    severity: "low",
    // An app alone must not be able to fill the disk for ever.
    retention: "365d",
  });
  expect(target({ level: "ERROR" })).toMatchObject({ severity: "high" });
  expect(target({ level: "INFO", metadata: { severity: "odd" } })).toMatchObject({
    severity: "informational",
  });
  expect(target({ level: "ERROR" })).toBe(target({ level: "error" }));
});

it("summary is a row in the component's table, with the event's plain values", async () => {
  const set = await rules();
  const record = recordOf({
    category: "summary",
    component: "pnl",
    message: "closed",
    metadata: { trades: 7, profit: 1.5, list: [1], nested: { a: 1 }, none: null },
  });
  const [target] = set.classify(record).targets;
  expect(target).toMatchObject({ category: "summary", table: "pnl" });
  expect(fieldsOf(target!).map(({ name, read }) => [name, read(record)])).toEqual([
    ["event_type", undefined],
    ["message", "closed"],
    ["profit", 1.5],
    ["trades", 7],
  ]);
  const other = recordOf({ category: "summary", component: "pnl", metadata: { profit: 2, trades: 8 } });
  expect(set.classify(other).targets[0]).toBe(target);
});

it("summary takes the values of the object itself where there is no metadata", async () => {
  const set = await rules();
  const [target] = set.classify(
    recordOf({ category: "summary", component: "c", timestamp: "t", level: "info", x: 1 }),
  ).targets;
  expect(fieldsOf(target!).map(({ name }) => name)).toEqual(["event_type", "message", "x"]);
});

it("summary without plain values, with too many, or in ever new tables is raw, and so is training", async () => {
  const set = await rules();
  const raw = [{ category: "raw" }];
  const many = Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`c${at}`, at]));
  expect(set.classify(recordOf({ category: "summary", message: "m", metadata: {} })).targets).toEqual(raw);
  expect(set.classify(recordOf({ category: "summary", metadata: many })).targets).toEqual(raw);
  expect(set.classify(recordOf({ category: "training", metadata: { loss: 1 } })).targets).toEqual(raw);
});

it("one container that makes names up does not use up the tables of the others, and is told", async () => {
  const told: string[] = [];
  const dir = await rulesFolder({ "a.yaml": "rules: []" });
  const set = await loadRules(dir, { wishes: { onTooManyTables: ({ name }) => told.push(name) } });
  const table = (name: string, component: string) =>
    set.classify(recordOf({ category: "summary", component, metadata: { x: 1 } }, { name })).targets[0]
      ?.category;
  const made = Array.from({ length: 150 }, (_, at) => table("junk", `junk${at}`));
  expect(made.filter((category) => category === "summary")).toHaveLength(25);
  expect(told).toEqual(Array.from({ length: 125 }, () => "junk"));
  expect(table("pnl", "pnl")).toBe("summary");
  expect(table("junk", "junk0")).toBe("summary");
});

it("tagged has a quota of a day for each container; what is more goes to raw and is told", async () => {
  const told: string[] = [];
  const dir = await rulesFolder({ "a.yaml": "rules: []" });
  const wishes = { taggedQuotaBytes: 100, onOverQuota: ({ name }: { name: string }) => told.push(name) };
  const set = await loadRules(dir, { wishes });
  const at = (day: string, name: string) => {
    const record = {
      ...recordOf({ category: "tagged", message: "12345" }, { name }),
      ts: `${day}T10:00:00.000000000Z`,
    };
    return set.classify(record).targets[0]?.category;
  };
  const flood = Array.from({ length: 10 }, () => at("2026-01-31", "flood"));
  expect(flood).toEqual([
    ...Array.from({ length: 2 }, () => "tagged"),
    ...Array.from({ length: 8 }, () => "raw"),
  ]);
  expect(told).toEqual(Array.from({ length: 8 }, () => "flood"));
  expect([at("2026-01-31", "other"), at("2026-02-01", "flood")]).toEqual(["tagged", "tagged"]);
});
