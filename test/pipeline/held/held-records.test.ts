import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { namedContainer } from "../../../src/core/container.js";
import { timeToNs } from "../../../src/core/time.js";
import { decisionOf, missingFrom, recordAt, timeAt, World, waitingFor } from "./world.js";

const DEDUPED = decisionOf({ actions: { edits: [], waiting: [waitingFor()] } });

function told(world: World) {
  return world.written.map(({ record }) => [record.message, record.repeated, record.ts, record.last_ts]);
}

describe("records that are held", () => {
  it("become one with how often and until when, when a line behind the window comes", () => {
    const world = new World();
    for (const ms of [0, 300, 999]) world.line(recordAt(ms, "slow"), DEDUPED);
    world.line(recordAt(500, "other"), DEDUPED);
    expect(told(world)).toEqual([]);
    expect(world.ledger.total()).toMatchObject({ read: 4, held: 2, collapsed: 2, written: 0 });
    world.line(recordAt(1_000, "slow"), DEDUPED);
    expect(told(world)).toEqual([["slow", 3, timeAt(0), timeAt(999)]]);
    expect(world.ledger.total()).toMatchObject({ read: 5, held: 2, collapsed: 2, written: 1 });
    world.held.end();
    expect(told(world).slice(1)).toEqual([
      ["other", undefined, timeAt(500), undefined],
      ["slow", undefined, timeAt(1_000), undefined],
    ]);
  });

  it("wait for a line of their own container", () => {
    const world = new World();
    world.line(recordAt(0, "slow"), DEDUPED);
    const other = namedContainer("c2", "api-2");
    world.line(recordAt(5_000, "slow", { container: other }), DEDUPED);
    expect(told(world)).toEqual([]);
    expect(world.held.count).toBe(2);
    world.remove(other);
    expect(told(world)).toEqual([["slow", undefined, timeAt(5_000), undefined]]);
  });

  it("stand apart when the engine's clock was set back", () => {
    const world = new World();
    world.line(recordAt(5_000, "slow"), DEDUPED);
    world.line(recordAt(4_500, "slow"), DEDUPED);
    world.line(recordAt(1_000, "slow"), DEDUPED);
    expect(told(world)).toEqual([["slow", 2, timeAt(5_000), timeAt(5_000)]]);
  });

  it("leave the oldest early when there are too many, counted", () => {
    const world = new World();
    for (let at = 0; at < 2_001; at++) world.line(recordAt(0, `m${at}`), DEDUPED);
    expect(told(world)).toEqual([["m0", undefined, timeAt(0), undefined]]);
    expect(world.telemetry.counters.get("held_early_total", "noisy")).toBe(1);
    const large = "x".repeat(3 * 1024 * 1024);
    world.line(recordAt(1, large), DEDUPED);
    expect(world.held.count).toBe(1);
    expect(missingFrom(world.ledger.total())).toBe(0);
  });

  it("are written once beside what another rule writes at once, and counted once", () => {
    const world = new World();
    const summary = { category: "summary", table: "t", columns: [], windows: undefined } as const;
    const waiting = waitingFor({ targets: [summary], taken: ["raw"] });
    const decision = decisionOf({
      targets: [{ category: "raw" }],
      actions: { edits: [], waiting: [waiting] },
    });
    for (const ms of [0, 1]) world.line(recordAt(ms, "slow"), decision);
    expect(world.ledger.total()).toMatchObject({ read: 2, written: 2, collapsed: 0, held: 0 });
    world.held.end();
    expect(world.written).toHaveLength(3);
    expect(world.written[2]).toMatchObject({ record: { repeated: 2 }, rule: "noisy" });
    expect(world.ledger.total()).toMatchObject({ read: 2, written: 2, collapsed: 0, held: 0 });
  });

  it("are as edited, in the files and in what a commit stores", () => {
    const world = new World();
    const edits = [{ set: { tier: "gold" }, redact: ["password"] }];
    const dataText = '{"password":"hunter2","id":12345678901234567890}';
    const record = recordAt(0, "slow", { data: JSON.parse(dataText), dataText, text: dataText });
    world.line(record, decisionOf({ actions: { edits, waiting: [waitingFor()] } }));
    expect(world.held.snapshot()).not.toContain("hunter2");
    const again = new World(world.commit());
    again.held.end();
    expect(again.written[0]?.record.dataText).toBe(
      '{"password":"[redacted]","id":12345678901234567890,"tier":"gold"}',
    );
  });

  it("are edited also where they are sampled out of what is written, and no gap is", () => {
    const world = new World();
    world.line(recordAt(0, "m"), decisionOf({ sampled: true }));
    world.line(recordAt(0, "m"), decisionOf({ sampled: true, actions: { edits: [], waiting: [] } }));
    world.line(recordAt(0, "m"), decisionOf({ drop: true }));
    expect(world.ledger.total()).toMatchObject({ read: 3, sampled: 2, droppedByRule: 1, written: 0 });
    expect(world.telemetry.counters.get("records_dropped_total", "sampled")).toBe(2);
  });

  it("are written though the account of their container was added up long ago", () => {
    const world = new World();
    world.line(recordAt(0, "slow"), DEDUPED);
    for (let at = 0; at < 201; at++) world.ledger.remove(namedContainer(at === 0 ? "c1" : `x${at}`, "gone"));
    world.held.end();
    expect(world.ledger.total()).toMatchObject({ read: 1, written: 1, held: 0 });
  });

  it("are none without a snapshot, and never lost to one that cannot be understood", () => {
    expect(new World({ held: undefined }).held.count).toBe(0);
    expect(() => new World({ held: { version: 9 } })).toThrow(
      expect.objectContaining({ code: "CHECKPOINT_BROKEN" }),
    );
  });

  it("are not lost with the rule that held them", () => {
    const world = new World();
    world.line(recordAt(0, "slow"), DEDUPED);
    const again = new World({ ...world.commit(), written: [] });
    again.held.end();
    expect(again.written).toMatchObject([{ record: { message: "slow" }, rule: "noisy" }]);
  });
});

describe("the clock", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("ends a window too when no line comes", () => {
    const world = new World();
    const pass = (ms: number) => {
      world.nowMs += ms;
      vi.advanceTimersByTime(ms);
    };
    world.line(recordAt(0, "a"), DEDUPED);
    pass(500);
    world.line(recordAt(500, "b"), DEDUPED);
    pass(499);
    expect(told(world)).toEqual([]);
    pass(1);
    expect(told(world).map(([message]) => message)).toEqual(["a"]);
    pass(500);
    expect(told(world).map(([message]) => message)).toEqual(["a", "b"]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

type Step =
  | { readonly does: "line"; readonly message: string; readonly container: number; readonly ms: number }
  | { readonly does: "commit" | "kill" | "stop" }
  | { readonly does: "remove"; readonly container: number };

const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      does: fc.constant("line" as const),
      message: fc.constantFrom("a", "b", "c"),
      container: fc.nat({ max: 1 }),
      ms: fc.integer({ min: -300, max: 1_200 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constantFrom("commit" as const, "kill" as const, "stop" as const) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant("remove" as const), container: fc.nat({ max: 1 }) }),
  },
);

/** Each container's next generation has an id of its own, as after `docker compose up --force-recreate`. */
function containerOf(number: number, generation: number) {
  return namedContainer(`c${number}.${generation}`, `api-${number}`);
}

it("each line is in one record, whatever is printed, committed, killed and removed", () => {
  fc.assert(
    fc.property(fc.array(stepArbitrary, { maxLength: 60 }), (steps) => {
      let world = new World();
      let generations = [0, 0];
      let ms = 0;
      let expected: string[] = [];
      const state = () => ({ generations: [...generations], ms, expected: [...expected] });
      let committed = { ...world.commit(), ...state() };
      for (const step of steps) {
        if (step.does === "line") {
          ms += step.ms;
          const container = containerOf(step.container, generations[step.container]!);
          world.line(recordAt(ms, step.message, { container }), DEDUPED);
          expected.push(`${container.id} ${step.message}`);
        } else if (step.does === "remove") {
          world.remove(containerOf(step.container, generations[step.container]!));
          generations[step.container]!++;
        } else if (step.does === "commit") committed = { ...world.commit(), ...state() };
        else if (step.does === "kill") {
          world.held.end();
          world = new World(committed);
          // What came after the commit is read again: here it never came.
          ({ ms } = committed);
          generations = [...committed.generations];
          expected = [...committed.expected];
        } else {
          world.held.end();
          committed = { ...world.commit(), ...state() };
          world = new World(committed);
        }
        for (const [, account] of world.ledger.entries()) {
          expect(missingFrom(account)).toBe(0);
          expect(account.held).toBeGreaterThanOrEqual(0);
        }
        const { written, collapsed, held } = world.ledger.total();
        expect(written + collapsed + held).toBe(expected.length);
      }
      world.held.end();
      const stored = world.written.flatMap(({ record }) =>
        Array.from({ length: record.repeated ?? 1 }, () => `${record.container.id} ${record.message}`),
      );
      expect(stored.sort()).toEqual(expected.sort());
      for (const { record } of world.written) {
        expect(record.repeated === undefined).toBe(record.last_ts === undefined);
        expect(record.repeated ?? 2).toBeGreaterThanOrEqual(2);
        expect((record.last_ts ?? record.ts) >= record.ts).toBe(true);
        expect(timeToNs(record.last_ts ?? record.ts) - timeToNs(record.ts)).toBeLessThan(1_000_000_000n);
      }
      expect(world.ledger.total()).toMatchObject({ held: 0, written: world.written.length });
    }),
    { numRuns: 300 },
  );
});
