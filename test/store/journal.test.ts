import { describe, expect, it } from "vitest";
import { Journal } from "../../src/store/journal.js";
import { Trouble } from "../../src/store/trouble.js";
import { silentTelemetry } from "../../src/telemetry/telemetry.js";
import { MemoryDisk, seededRandom } from "./memory-disk.js";

const PATH = ".sidecar/created.jsonl";

async function begin() {
  const disk = new MemoryDisk(seededRandom(1));
  const telemetry = silentTelemetry();
  const trouble = new Trouble({
    telemetry,
    onDiskFull: undefined,
    onChange: () => undefined,
  });
  const journal = new Journal(disk, trouble, telemetry);
  await journal.start();
  return { disk, journal };
}

describe("Journal", () => {
  it("has noted for certain what it says it has, many at a time", async () => {
    const { disk, journal } = await begin();
    const intents = Array.from({ length: 50 }, (_, index) => ({ path: `raw/${index}`, first: 2 }));
    let syncs = 0;
    disk.refuse = (operation) => {
      if (operation === "datasync") syncs++;
      return undefined;
    };
    await Promise.all(intents.map((intent) => journal.note(intent)));
    expect(await Journal.read(disk.afterPowerLoss())).toEqual(intents);
    expect(syncs).toBeLessThan(3);
  });

  it("forgets what even the former checkpoint knows, and only when it has grown", async () => {
    const { disk, journal } = await begin();
    for (const first of [1, 2, 3]) await journal.note({ path: `raw/short ${first}`, first });
    await journal.compact(2);
    expect(await Journal.read(disk)).toHaveLength(3);
    await journal.note({ path: `raw/${"x".repeat(20_000)}`, first: 2 });
    await journal.compact(2);
    await journal.note({ path: "raw/later", first: 4 });
    expect(await Journal.read(disk.afterPowerLoss())).toEqual([
      { path: "raw/short 3", first: 3 },
      { path: "raw/later", first: 4 },
    ]);
  });

  it.each([
    "../victim",
    "/etc/victim",
    "raw/../../victim",
    "raw",
    ".sidecar/checkpoint.json",
    "raw/a/../b",
    "raw//a",
  ])("leaves out %s: no file of the store is called so", async (path) => {
    const disk = new MemoryDisk(seededRandom(1));
    disk.plant(
      PATH,
      `${JSON.stringify({ path, first: 9 })}\n${JSON.stringify({ path: "raw/a", finalPath: path, first: 9 })}\n`,
    );
    expect(await Journal.read(disk)).toEqual([]);
  });

  it("leaves out lines that are not whole", async () => {
    const disk = new MemoryDisk(seededRandom(1));
    disk.plant(
      PATH,
      '{"path":"raw/a","first":1}\n\0\0\0\0\n{"path":"raw/b"}\nnull\n{"path":"raw/c","first":2}\n{"path":"raw/d","fi',
    );
    expect((await Journal.read(disk)).map(({ path }) => path)).toEqual(["raw/a", "raw/c"]);
  });
});
