import { expect, it } from "vitest";
import type { Decision, Target } from "../../src/core/decision.js";
import type { Level } from "../../src/core/record.js";
import { Ledger } from "../../src/pipeline/ledger.js";
import { settling } from "../../src/pipeline/settle.js";
import { createUnderstand } from "../../src/records/understand.js";
import { silentTelemetry } from "../../src/telemetry/telemetry.js";
import { sampleContainer, sampleLine } from "../records/samples.js";

const raw: Target = { category: "raw" };
const row: Target = { category: "summary", table: "t", columns: [], windows: undefined };

function decide(...targets: Target[]): Decision {
  return { rule: undefined, targets, drop: false, sampled: false, actions: undefined };
}

it("leaves debug and trace out of raw while the disk is nearly full, and the ledger adds up", () => {
  const { counters } = silentTelemetry();
  const container = sampleContainer();
  const account = new Ledger(undefined).of(container);
  const written: string[] = [];
  let isFull = true;
  const settle = (level: Level, decision: Decision) => {
    const record = createUnderstand()(sampleLine(`{"level":"${level}","message":"m"}`), container);
    account.read += record.lines;
    return settling(account, {
      write: (one, { targets }) =>
        written.push(`${one.level} ${targets.map(({ category }) => category).join("+")}`),
      held: undefined as never,
      counters,
      metrics: { record: () => undefined },
      sheds: () => isFull,
    })(record, decision);
  };
  const shared = decide(raw);
  expect(settle("debug", shared)).toBe(false);
  expect(settle("trace", shared)).toBe(false);
  const edited = { ...decide(raw), actions: { edits: [{ set: { a: 1 }, redact: undefined }], waiting: [] } };
  expect(settle("debug", edited)).toBe(false);
  const dedupe = { rule: "r", windowMs: 1_000, by: undefined, targets: [raw], taken: [] };
  const held = { ...decide(), actions: { edits: [], waiting: [dedupe] } };
  expect(settle("debug", held)).toBe(false);
  expect(settle("debug", decide(raw, row))).toBe(true);
  expect(settle("info", shared)).toBe(true);
  isFull = false;
  expect(settle("debug", shared)).toBe(true);
  expect(written).toEqual(["debug summary", "info raw", "debug raw"]);
  expect(account).toMatchObject({ read: 7, written: 3, shed: 4, droppedByRule: 0 });
  expect(counters.get("records_dropped_total", "shed")).toBe(4);
});
