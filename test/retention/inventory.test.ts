import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, describe, expect, it } from "vitest";
import { DEFAULT_POLICY } from "../../src/config/retention.js";
import { readIndex, writeIndex } from "../../src/retention/index-file.js";
import { filesOf, takeInventory } from "../../src/retention/inventory.js";
import { INDEX, RETENTION_FOLDER } from "../../src/retention/places.js";
import { planRetention } from "../../src/retention/plan.js";
import { dayFrom } from "../../src/retention/sacrifice.js";
import { logFolder, put } from "./files.js";

/** Later than any change that a test makes, so that an index made now can be trusted. */
const LATER_MS = Date.now() + 3_600_000;
let logDir = "";
beforeEach(() => {
  logDir = logFolder({ "raw/web/log_2020-01-01.jsonl": "12345", "raw/web/log_2020-01-02.jsonl.gz": "123" });
  mkdirSync(join(logDir, RETENTION_FOLDER), { recursive: true });
});

/** Looks once with whatever index there is, and keeps what was seen. */
async function look(nowMs = LATER_MS) {
  const index = await readIndex(logDir);
  const inventory = await takeInventory(logDir, index, nowMs);
  await writeIndex(logDir, { ...index, folders: inventory.folders });
  return Object.fromEntries(inventory.files.map(({ path, bytes }) => [path, bytes]));
}

describe("the index", () => {
  it("gives the same as looking at everything", async () => {
    const first = await look();
    expect(first).toEqual({ "raw/web/log_2020-01-01.jsonl": 5, "raw/web/log_2020-01-02.jsonl.gz": 3 });
    expect(await look()).toEqual(first);
  });

  it("saves looking at what has not changed", async () => {
    await look();
    // Nobody writes to a sealed file; were it looked at again, this would show.
    appendFileSync(join(logDir, "raw/web/log_2020-01-01.jsonl"), "67890");
    expect((await look())["raw/web/log_2020-01-01.jsonl"]).toBe(5);
  });

  it.each<readonly [string, () => void]>([
    ["a new file", () => put(logDir, { "raw/web/log_2020-01-03.jsonl": "1" })],
    ["a file that is gone", () => rmSync(join(logDir, "raw/web/log_2020-01-01.jsonl"))],
    [
      "a new name",
      () =>
        renameSync(
          join(logDir, "raw/web/log_2020-01-01.jsonl"),
          join(logDir, "raw/web/log_2020-01-09.jsonl"),
        ),
    ],
    ["a new folder", () => put(logDir, { "archive/raw/web/log_2020-01-01.jsonl": "1" })],
    ["a folder that is gone", () => rmSync(join(logDir, "raw/web"), { recursive: true })],
    [
      "a folder whose time somebody set back",
      () => {
        put(logDir, { "raw/web/log_2020-01-03.jsonl": "1" });
        utimesSync(join(logDir, "raw/web"), new Date(0), new Date(0));
      },
    ],
  ])("does not hide %s", async (_what, change) => {
    await look();
    // Times of folders come in steps of a few milliseconds.
    await sleep(20);
    change();
    const seen = await look();
    rmSync(join(logDir, INDEX));
    expect(seen).toEqual(await look());
  });

  it("is not trusted for a folder that changed just before", async () => {
    await look(Date.now());
    put(logDir, { "raw/web/log_2020-01-03.jsonl": "1" });
    expect(await look(Date.now())).toHaveProperty("raw/web/log_2020-01-03.jsonl", 1);
  });

  it("asks for the size of what may still grow", async () => {
    const today = new Date(LATER_MS).toISOString().slice(0, 10);
    put(logDir, { [`raw/web/log_${today}.jsonl`]: "1" });
    await look();
    appendFileSync(join(logDir, `raw/web/log_${today}.jsonl`), "234");
    expect(await look()).toHaveProperty(`raw/web/log_${today}.jsonl`, 4);
  });

  it.each([
    ["cut", (text: string) => text.slice(0, 40)],
    ["of another version", (text: string) => text.replace('"version":1', '"version":2')],
    ["no JSON", () => "\0\0\0"],
    [
      "of another form",
      () =>
        '{"version":1,"folders":{"raw/web":{"changed":"1","files":[[1,2,3]],"others":[]}},"packed":{},"told":[]}',
    ],
    ["null", () => "null"],
  ])("that is %s is made anew", async (_what, spoil) => {
    const first = await look();
    const path = join(logDir, INDEX);
    writeFileSync(path, spoil(readFileSync(path, "utf8")));
    expect(await look()).toEqual(first);
  });

  it("cannot make files up that are called otherwise", async () => {
    await look();
    const path = join(logDir, INDEX);
    writeFileSync(path, readFileSync(path, "utf8").replaceAll("log_2020-01-01.jsonl", "../../../etc/passwd"));
    expect(Object.keys(await look())).toEqual(["raw/web/log_2020-01-02.jsonl.gz"]);
  });
});

it("tells of a manifest without its file only when it has been so for long: the store makes the manifest first", async () => {
  const [fresh, old] = ["training/t/t_2026-06-30_1.json", "training/t/t_2026-06-29_1.json"];
  put(logDir, { [fresh]: "{}", [old]: "{}" });
  const nowMs = Date.now();
  utimesSync(join(logDir, fresh), nowMs / 1000, nowMs / 1000);
  const { files, leftAlone } = await takeInventory(logDir, await readIndex(logDir), nowMs);
  expect(files.filter(({ category }) => category === "training")).toEqual([]);
  expect(leftAlone.map(({ path }) => path)).toEqual([old]);
});

it("takes 100,000 segments, and all of them again", { timeout: 120_000 }, async () => {
  const dates = Array.from({ length: 1000 }, (_, age) => dayFrom("2026-06-30", -age));
  const files = dates.map((date): [string, number, ""] => [`log_${date}.jsonl`, 1000, ""]);
  const folders = Object.fromEntries(
    Array.from({ length: 100 }, (_, at) => [`raw/app${at}`, { changed: "1", files, others: [] }]),
  );
  await writeIndex(logDir, { folders, packed: {}, told: [] });
  const index = await readIndex(logDir);
  globalThis.gc?.();
  const beforeBytes = process.memoryUsage().heapUsed;
  const found = Object.entries(index.folders).flatMap(([folder, listing]) => filesOf(folder, listing));
  const plan = planRetention({
    files: found,
    policy: DEFAULT_POLICY,
    today: "2026-06-30",
    openPaths: new Set(),
  });
  expect([found.length, plan.length]).toEqual([100_000, 99_900]);
  // Of the 150 MB that a call may take a part is Node's own. Generous: the garbage collector comes when it likes.
  expect((process.memoryUsage().heapUsed - beforeBytes) / 1e6).toBeLessThan(150);
});
