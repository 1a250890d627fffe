import { describe, expect, it } from "vitest";
import { DEFAULT_POLICY, type RetentionPolicy } from "../../src/config/retention.js";
import type { DataFile } from "../../src/retention/data-file.js";
import { dailyBytes, daysUntilFull } from "../../src/retention/forecast.js";
import { dayFrom } from "../../src/retention/sacrifice.js";
import { readStorage } from "../../src/retention/storage.js";
import { at, dataFile, logFolder, ROOMY, retentionOf } from "./files.js";

const TODAY = "2026-06-30";
const RATIOS = { raw: 0.1, summary: 0.2, training: 0.5, tagged: 0.1 };
const ago = (days: number) => dayFrom(TODAY, -days);

describe("growth", () => {
  it("is the mean of the last full days, reckoned before compression", () => {
    const files = [
      dataFile(`raw/web/log_${ago(0)}.jsonl`, { bytes: 999e6 }),
      dataFile(`raw/web/log_${ago(1)}.jsonl`, { bytes: 20e6 }),
      dataFile(`raw/web/log_${ago(4)}.jsonl.gz`, { bytes: 2e6 }),
      dataFile(`raw/web/log_${ago(30)}.jsonl`, { bytes: 999e6 }),
      dataFile(`training/q/q_${ago(2)}_1.npz`, { bytes: 4e6 }),
    ];
    expect(dailyBytes(files, TODAY, RATIOS)).toEqual({ raw: 10e6, summary: 0, training: 1e6, tagged: 0 });
  });

  it("is nothing where nothing was written", () => {
    expect(dailyBytes([], TODAY, RATIOS)).toEqual({ raw: 0, summary: 0, training: 0, tagged: 0 });
  });
});

describe("days until the disk is full", () => {
  const never = { compress: undefined, archive: undefined, delete: undefined };
  const FOR_EVER: RetentionPolicy = { raw: never, summary: never, training: never, tagged: never };
  const daily = { raw: 10, summary: 0, training: 0, tagged: 0 };

  function full(freeBytes: number, policy: RetentionPolicy, files: readonly DataFile[] = []) {
    return daysUntilFull({ files, today: TODAY, policy, ratios: RATIOS, daily, freeBytes });
  }

  it.each<readonly [free: number, policy: RetentionPolicy, days: number | undefined, why: string]>([
    [95, FOR_EVER, 10, "nothing is ever compressed or deleted"],
    [0, FOR_EVER, 1, "there is no room even for a day"],
    [3649, FOR_EVER, 365, "it is looked a year ahead"],
    [3651, FOR_EVER, undefined, "it lies further away"],
    // A day is 10 bytes, then 1: 10, 11, 12 …
    [15, { ...FOR_EVER, raw: { ...never, compress: 1 } }, 7, "days are compressed on their first birthday"],
    // Seven days stay, the first of them as it is: 16 bytes at most.
    [16, DEFAULT_POLICY, undefined, "as much is deleted as comes"],
    [15, DEFAULT_POLICY, 7, "what comes before the first deletion is too much"],
  ])("with %i bytes free: %#", (free, policy, days) => {
    expect(full(free, policy)).toBe(days);
  });

  it("reckons with what today's files will come to", () => {
    const old = [dataFile(`raw/web/log_${ago(5)}.jsonl.gz`, { bytes: 1000 })];
    // Its bytes are free from the day after tomorrow on.
    expect(full(15, DEFAULT_POLICY, old)).toBeUndefined();
    const plain = [dataFile(`raw/web/log_${TODAY}.jsonl`, { bytes: 1000 })];
    expect(full(15, { ...FOR_EVER, raw: { ...never, compress: 1 } }, plain)).toBeUndefined();
  });
});

it("describes the volume by category, and what the next run will do", async () => {
  const logDir = logFolder({
    "raw/web/log_2026-06-30.jsonl": "x".repeat(50),
    "raw/web/log_2026-06-29.jsonl": "x".repeat(700),
    "archive/raw/web/log_2026-06-26.jsonl.gz": "x".repeat(30),
    "summary/fills/fills_2026-01-01.csv": "x".repeat(10),
    "raw/web/notes.txt": "mine",
  });
  const openPaths = () => new Set(["raw/web/log_2026-06-30.jsonl"]);
  const report = await readStorage(retentionOf(logDir, { openPaths }), at("2026-06-30").nowMs);
  expect(report).toMatchObject({
    at: "2026-06-30T12:00:00.000Z",
    today: "2026-06-30",
    disk: ROOMY,
    files: 4,
    bytes: 790,
    openBytes: 50,
    next: {
      compress: { files: 1, bytes: 700 },
      archive: { files: 0 },
      delete: { files: 1, bytes: 10 },
      tidy: { files: 0 },
    },
    daysUntilFull: null,
    leftAlone: [{ path: "raw/web/notes.txt" }],
  });
  expect(report.categories.raw).toMatchObject({
    files: 3,
    bytes: 780,
    compressed: { files: 1, bytes: 30 },
    archived: { files: 1, bytes: 30 },
    oldest: "2026-06-26",
    newest: "2026-06-30",
  });
  expect(report.categories.tagged).toMatchObject({ files: 0, oldest: null, newest: null, dailyBytes: 0 });
});
