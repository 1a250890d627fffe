import fc from "fast-check";
import { expect, it } from "vitest";
import { Refusals } from "../../src/categories/refusals.js";
import { parseRefused } from "../../src/categories/sample.js";
import { TrainingWriter } from "../../src/categories/training.js";
import type { TrainingTarget } from "../../src/core/decision.js";
import type { Finish, SegmentSink } from "../../src/core/segment.js";
import { Store } from "../../src/store/store.js";
import { silentTelemetry } from "../../src/telemetry/telemetry.js";
import { MemoryDisk, seededRandom } from "../store/memory-disk.js";
import { createBench, field, jsonRecord } from "./samples.js";

const LINES = 60;
const target: TrainingTarget = {
  category: "training",
  dataset: "d",
  format: "npz",
  features: [field("x")],
  label: undefined,
  classes: undefined,
  weight: undefined,
  fields: [],
  rule: { id: "r", definition: "0" },
};

function open(disk: MemoryDisk): Promise<Store> {
  const options = {
    logDir: "/",
    calendar: { endOfDateMs: () => Number.POSITIVE_INFINITY },
    segmentSizeBytes: 100_000,
    batchSize: 1000,
    flushIntervalMs: 60_000,
    bufferLimitBytes: 1e6,
    stagedMaxEntries: 7,
    telemetry: silentTelemetry(),
  };
  return Store.open(options, { disk, takeVolume: async () => ({ release: async () => undefined }) });
}

/** The staged text itself is what is finished: only who is told where matters here. */
function finisherOn(disk: MemoryDisk): Finish {
  return async (source, target) => {
    const text = (await disk.read(source)) ?? "";
    await disk.writeWhole(target, text);
    return text;
  };
}

/** Reads the lines from where the last commit was, every third of them being no sample, and ends at the last one. */
async function live(disk: MemoryDisk): Promise<Refusals> {
  const store = await open(disk);
  const refusals = new Refusals(store.restored("refusals"));
  store.register(refusals);
  let next = Number(store.restored("next") ?? 0);
  store.register({ name: "next", snapshot: () => JSON.stringify(next) });
  const finish = finisherOn(disk);
  // What an earlier life staged is finished too, though this one may have nothing to append.
  store.registerFinisher(".npz", finish);
  const sink: SegmentSink = {
    series: (spec) => store.series(spec),
    staged: (spec) => store.staged(spec, finish),
  };
  const { context } = createBench();
  const writer = new TrainingWriter({ ...context, sink, refusals });
  while (next < LINES) {
    writer.write(jsonRecord(next % 3 === 0 ? "{}" : `{"x":${next}}`), target);
    next += 1;
    if (next % 5 === 0) await store.commit();
  }
  await store.close();
  return refusals;
}

it("each line that is no sample is told in one manifest or still kept, whenever the sidecar is killed", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 250 }), { maxLength: 5 }),
      fc.integer(),
      async (lives, seed) => {
        let disk = new MemoryDisk(seededRandom(seed));
        for (const operations of lives) {
          const crash = disk.crashAfter(operations);
          await Promise.race([crash, live(disk)]);
          disk = disk.afterKill();
        }
        const refusals = await live(disk);
        const manifests = [...disk.files()].filter(([path]) => /^training\/.*\.json$/.test(path));
        const lines = manifests.flatMap(([, text]) => text.trimEnd().split("\n").slice(1));
        const told = lines.flatMap((line) => parseRefused(line) ?? []);
        const kept = refusals.take("d") ?? [];
        const count = [...told, ...kept].reduce((sum, each) => sum + each.lines, 0);
        expect(count).toBe(LINES / 3);
        expect(lines.filter((line) => line.startsWith("["))).toHaveLength(LINES - LINES / 3);
      },
    ),
    { numRuns: Number(process.env["SIDECAR_TEST_RUNS"] ?? 60) },
  );
}, 60_000);
