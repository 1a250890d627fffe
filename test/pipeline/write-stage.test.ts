import { once } from "node:events";
import { expect, it } from "vitest";
import type { DecidedBatch } from "../../src/pipeline/batch.js";
import { Positions } from "../../src/pipeline/positions.js";
import { writeStage } from "../../src/pipeline/write-stage.js";
import { decisionOf, missingFrom, recordAt, World, waitingFor } from "./held/world.js";

const RAW = { category: "raw" } as const;
const TAGGED = { category: "tagged", rule: "t", tags: [], severity: "low", retention: "permanent" } as const;
const DEDUPED = decisionOf({ actions: { edits: [], waiting: [waitingFor()] } });

function stageOn(world: World) {
  const positions = new Positions(undefined);
  const noted: [number, boolean][] = [];
  const stage = writeStage({
    write: world.write,
    noteRecords: (count, urgent) => noted.push([count, urgent]),
    room: () => Promise.resolve(),
    positions,
    ledger: world.ledger,
    held: world.held,
    counters: world.telemetry.counters,
    onSettled: () => undefined,
    metrics: { record: () => undefined },
    sheds: () => false,
  });
  const send = async (
    values: Pick<DecidedBatch, "records" | "decisions">,
    state: "open" | "removed" = "open",
  ) => {
    const { container } = recordAt(0, "");
    const source = { container, lines: [], bytes: 0, gap: undefined, position: { at: 1 }, state };
    if (!stage.write({ ...values, source } satisfies DecidedBatch)) await once(stage, "drain");
    await new Promise(setImmediate);
  };
  return { send, noted, positions };
}

it("counts each line once, whatever becomes of it", async () => {
  const world = new World();
  const { send } = stageOn(world);
  const decisions = [
    decisionOf({ targets: [RAW] }),
    decisionOf({ drop: true }),
    decisionOf({ sampled: true }),
    undefined,
    DEDUPED,
    DEDUPED,
  ];
  const records = decisions.map((_, at) => recordAt(at, "m", { lines: 2 }));
  await send({ records, decisions });
  const each = { written: 2, droppedByRule: 2, sampled: 2, droppedByLevel: 2, held: 2, collapsed: 2 };
  expect(world.ledger.total()).toMatchObject({ read: 12, ...each });
});

it("ends windows by any later line of the container, also one that is dropped", async () => {
  const world = new World();
  const { send } = stageOn(world);
  await send({ records: [recordAt(0, "m")], decisions: [DEDUPED] });
  await send({ records: [recordAt(999, "x")], decisions: [undefined] });
  expect(world.written).toHaveLength(0);
  await send({ records: [recordAt(1_000, "x")], decisions: [undefined] });
  expect(world.written).toMatchObject([{ record: { message: "m" } }]);
});

it("writes what is held of a container that is gone, before its account is closed", async () => {
  const world = new World();
  const { send, positions } = stageOn(world);
  await send({ records: [recordAt(0, "m")], decisions: [DEDUPED] });
  expect(positions.all().size).toBe(1);
  await send({ records: [], decisions: [] }, "removed");
  expect(world.ledger.total()).toMatchObject({ read: 1, written: 1, held: 0 });
  expect(missingFrom(world.ledger.total())).toBe(0);
  expect(positions.all().size).toBe(0);
});

it("asks for a commit of what is held, and soon where something urgent was written", async () => {
  const world = new World();
  const { send, noted } = stageOn(world);
  await send({ records: [recordAt(0, "m")], decisions: [DEDUPED] });
  await send({ records: [recordAt(1, "m")], decisions: [DEDUPED] });
  await send({ records: [recordAt(2, "m")], decisions: [decisionOf({ targets: [TAGGED] })] });
  expect(noted).toEqual([
    [1, false],
    [1, false],
    [1, true],
  ]);
});
