import { randomBytes } from "node:crypto";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { obstacleText } from "../../src/retention/obstacles.js";
import { gzipPacker } from "../../src/retention/packing/gzip-file.js";
import type { Packer } from "../../src/retention/packing/packer.js";
import { createTelemetry } from "../../src/telemetry/telemetry.js";
import { at, logFolder, pathsIn, put, retentionOf, withoutRoot } from "./files.js";

const TODAY = at("2026-06-30");
/** Compresses to next to nothing, and to nothing at all. */
const SOFT = "the same line again\n".repeat(5000);
const HARD = randomBytes(100_000);

/** A disk of 1 MB on which so many bytes are too many for 80 %. */
function tight(bytes: number) {
  return { readSpace: async () => ({ sizeBytes: 1e6, freeBytes: 200_000 - bytes }) };
}

const PLAIN = {
  "raw/web/log_2026-06-26.jsonl": SOFT,
  "raw/web/log_2026-06-27.jsonl": SOFT,
  "raw/web/log_2026-06-30.jsonl": SOFT,
};

describe("the emergency cleanup", () => {
  it("compresses and deletes nothing where that is enough", async () => {
    const logDir = logFolder(PLAIN);
    const report = await retentionOf(logDir, tight(150_000)).cleanUp({ ...TODAY, targetPercent: 80 });
    expect(report).toMatchObject({ needBytes: 150_000, reached: true, obstacles: [], failures: [] });
    expect(pathsIn(logDir)).toEqual([
      "raw/web/log_2026-06-26.jsonl.gz",
      "raw/web/log_2026-06-27.jsonl.gz",
      "raw/web/log_2026-06-30.jsonl",
    ]);
  });

  it("goes on with deleting when files compress worse than they usually do", async () => {
    const logDir = logFolder(Object.fromEntries(Object.keys(PLAIN).map((path) => [path, HARD])));
    const report = await retentionOf(logDir, tight(150_000)).cleanUp({ ...TODAY, targetPercent: 80 });
    expect(report).toMatchObject({ needBytes: 150_000, reached: true });
    // The floor's one is not compressed: it is known by then to be of no use.
    expect(pathsIn(logDir)).toEqual(["raw/web/log_2026-06-30.jsonl"]);
  });

  it("deletes no more than is needed when files compress better than they usually do", async () => {
    const logDir = logFolder({
      ...PLAIN,
      "raw/web/log_2026-06-20.jsonl.gz": gzipSync(HARD),
      "raw/web/log_2026-06-30.1.jsonl": SOFT,
    });
    const need = 4 * SOFT.length - 4_000;
    const report = await retentionOf(logDir, tight(need)).cleanUp({ ...TODAY, targetPercent: 80 });
    expect(report).toMatchObject({ needBytes: need, reached: true });
    expect(report.planned.filter(({ steps }) => steps[0] === "delete")).toHaveLength(1);
    expect(report.done.filter(({ step }) => step === "delete")).toHaveLength(0);
  });

  /** Compresses, but for the first attempts: there the disk is full. */
  function fullFor(refused: number): Packer {
    let attempts = 0;
    return {
      ...gzipPacker,
      width: 1,
      pack: async (job) => {
        if (++attempts <= refused)
          throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
        return gzipPacker.pack(job);
      },
    };
  }

  it("makes room first where there is none for a compressed file", async () => {
    const logDir = logFolder({ ...PLAIN, "raw/web/log_2026-06-20.jsonl.gz": gzipSync(HARD) });
    const packer = fullFor(3);
    const options = { ...tight(250_000), packer };
    const report = await retentionOf(logDir, options).cleanUp({ ...TODAY, targetPercent: 80 });
    expect(report).toMatchObject({ reached: true, failures: [] });
    expect(report.done.map(({ step }) => step)).toEqual(["delete", "compress", "compress"]);
  });

  it("tries again what had no room before others were compressed", async () => {
    const logDir = logFolder({ ...PLAIN, "raw/web/log_2026-06-20.jsonl.gz": gzipSync(HARD) });
    const packer = fullFor(1);
    const options = { ...tight(250_000), packer };
    const report = await retentionOf(logDir, options).cleanUp({ ...TODAY, targetPercent: 80 });
    expect(report).toMatchObject({ reached: true, failures: [] });
    expect(report.done.map(({ step }) => step)).toEqual(["compress", "compress", "compress"]);
  });

  it("says what stands in the way, in the report and once in the log", async () => {
    const logDir = logFolder({
      "raw/web/log_2026-06-29.jsonl.gz": gzipSync(HARD),
      "raw/web/log_2026-06-30.jsonl.gz": gzipSync(HARD),
    });
    let log = "";
    const telemetry = createTelemetry({ level: "warn", destination: { write: (text) => (log += text) } });
    const report = await retentionOf(logDir, { ...tight(150_000), telemetry }).cleanUp({
      ...TODAY,
      targetPercent: 80,
    });
    expect(report).toMatchObject({ reached: false, freedBytes: 0, done: [] });
    expect(report.obstacles.map(({ kind }) => kind)).toEqual(["outside", "floor"]);
    expect(log.trim().split("\n")).toHaveLength(1);
    expect(JSON.parse(log)).toMatchObject({ level: "error", missingBytes: 150_000 });
  });

  it("deletes what cannot be compressed", async () => {
    const logDir = logFolder(PLAIN);
    const packer: Packer = {
      ...gzipPacker,
      pack: async () => {
        throw Object.assign(new Error("permission denied"), { code: "EACCES" });
      },
    };
    const options = { ...tight(50_000), packer };
    const report = await retentionOf(logDir, options).cleanUp({ ...TODAY, targetPercent: 80 });
    expect(report.reached).toBe(true);
    expect(report.done.map(({ step, path }) => `${step} ${path}`)).toEqual([
      "delete raw/web/log_2026-06-26.jsonl",
    ]);
  });

  it("goes on with the next where some cannot be deleted, and tells them apart from open segments", async () => {
    const names = Array.from(
      { length: 60 },
      (_, n) => `log_2026-04-${String(1 + (n % 30)).padStart(2, "0")}`,
    );
    const stuck = Object.fromEntries(names.map((name, n) => [`raw/old/${name}.${n}.jsonl.gz`, HARD]));
    const logDir = logFolder({ ...stuck, ...PLAIN, "raw/web/log_2026-06-25.jsonl.gz": HARD });
    chmodSync(join(logDir, "raw/old"), 0o555);
    const keeper = retentionOf(logDir, tight(380_000));
    const cleanUp = () => withoutRoot(logDir, () => keeper.cleanUp({ ...TODAY, targetPercent: 80 }));
    expect(await cleanUp()).toMatchObject({ reached: true });
    expect(pathsIn(logDir).filter((path) => path.startsWith("raw/web/"))).toEqual([
      "raw/web/log_2026-06-26.jsonl.gz",
      "raw/web/log_2026-06-27.jsonl.gz",
      "raw/web/log_2026-06-30.jsonl.gz",
    ]);
    const report = await cleanUp();
    chmodSync(join(logDir, "raw/old"), 0o755);
    expect(report.obstacles.map(obstacleText)).toContain("6.0 MB could not be deleted (raw)");
  });

  it("in a dry run only says what it would do", async () => {
    const logDir = logFolder(PLAIN);
    const report = await retentionOf(logDir, tight(150_000)).cleanUp({
      ...TODAY,
      targetPercent: 80,
      dryRun: true,
    });
    expect(report).toMatchObject({ needBytes: 150_000, reached: true, done: [] });
    expect(report.planned).toHaveLength(2);
    expect(pathsIn(logDir)).toEqual(Object.keys(PLAIN));
  });

  it("learns how well files compress", async () => {
    const logDir = logFolder(Object.fromEntries(Object.keys(PLAIN).map((path) => [path, HARD])));
    const retention = retentionOf(logDir);
    await retention.run(TODAY);
    expect((await retention.look()).index.packed["raw"]?.plainBytes).toBe(200_000);
    put(logDir, { "raw/api/log_2026-06-27.jsonl": HARD, "raw/api/log_2026-06-30.jsonl": HARD });
    const { planned } = await retentionOf(logDir, tight(10_000)).cleanUp({
      ...TODAY,
      targetPercent: 80,
      dryRun: true,
    });
    // It knows by now that compressing would not do.
    expect(planned.map(({ steps }) => steps[0])).toContain("delete");
  });

  it("makes a run by schedule give way", async () => {
    const logDir = logFolder(PLAIN);
    let begun: () => void = () => undefined;
    const packing = new Promise<void>((resolve) => (begun = resolve));
    const packer: Packer = {
      ...gzipPacker,
      width: 1,
      pack: (job) => {
        begun();
        return gzipPacker.pack(job);
      },
    };
    const retention = retentionOf(logDir, { ...tight(1), packer });
    const scheduled = retention.run(TODAY);
    await packing;
    const report = await retention.cleanUp({ ...TODAY, targetPercent: 80 });
    expect([(await scheduled).aborted, report.reached]).toEqual([true, true]);
  });
});
