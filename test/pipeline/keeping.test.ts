import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { settingsSchema } from "../../src/config/schema.js";
import { createRetention } from "../../src/pipeline/keeping.js";
import { RETENTION_FOLDER } from "../../src/retention/places.js";
import { takeLock } from "../../src/store/lock.js";
import { readOpenPaths } from "../../src/store/open-paths.js";
import { silentTelemetry } from "../../src/telemetry/telemetry.js";
import { at, logFolder, pathsIn, recordsIn, retentionOf, withoutRoot } from "../retention/files.js";
import { DATE, openStore, rawSpec } from "../store/stores.js";

const LATER = at("2026-02-05");

describe("the retention lock", () => {
  it("keeps a second process out, names the first, and is free again afterwards", async () => {
    const logDir = logFolder({ "raw/web/log_2020-01-01.jsonl": "old\n" });
    const folder = join(logDir, RETENTION_FOLDER);
    mkdirSync(folder, { recursive: true });
    const telemetry = silentTelemetry();
    const lock = await takeLock({ folder, telemetry, onLost: () => undefined });
    const keeper = createRetention({ settings: settingsSchema.parse({ logDir }), telemetry });
    await expect(keeper.run()).rejects.toMatchObject({
      code: "RETENTION_RUNNING",
      message: expect.stringContaining(`process ${process.pid} on `),
    });
    await expect(keeper.cleanUp({ targetPercent: 80 })).rejects.toMatchObject({ code: "RETENTION_RUNNING" });
    expect((await keeper.run({ dryRun: true })).planned).toHaveLength(1);
    await lock.release();
    expect((await keeper.run()).done).toMatchObject([{ step: "delete" }]);
    expect(pathsIn(logDir)).toEqual([]);
  });

  it("whose owner only its beat could tell of is not waited for once that is no use any more", async () => {
    const logDir = logFolder({ [`${RETENTION_FOLDER}/lock`]: "" });
    const settings = settingsSchema.parse({ logDir });
    const keeper = createRetention({ settings, telemetry: silentTelemetry() });
    const stopping = new AbortController();
    const run = keeper.run({ signal: stopping.signal });
    setImmediate(() => stopping.abort());
    await expect(run).rejects.toMatchObject({ name: "AbortError" });
  });

  it("is not the store's: both work on one log folder", async () => {
    const logDir = logFolder({ "raw/web/log_2020-01-01.jsonl": "old\n" });
    await openStore(logDir);
    const keeper = createRetention({
      settings: settingsSchema.parse({ logDir }),
      telemetry: silentTelemetry(),
    });
    expect((await keeper.run()).done).toHaveLength(1);
  });
});

describe("a log folder of somebody else", () => {
  it("is told with the reason and what to do", async () => {
    const logDir = logFolder({ ".sidecar/created.jsonl": "" });
    chmodSync(logDir, 0o755);
    chmodSync(join(logDir, ".sidecar"), 0);
    const keeper = createRetention({
      settings: settingsSchema.parse({ logDir }),
      telemetry: silentTelemetry(),
    });
    await withoutRoot(logDir, async () => {
      const message = (what: string) =>
        expect.stringMatching(`cannot be ${what} by uid \\d+: EACCES.*Run it as`);
      await expect(keeper.look()).rejects.toMatchObject({ message: message("read") });
      await expect(keeper.run()).rejects.toMatchObject({ message: message("written") });
    });
    chmodSync(join(logDir, ".sidecar"), 0o755);
  });
});

describe("beside a store", () => {
  it("open segments are left alone, and sealed ones treated some commits later, whoever asks", async () => {
    const logDir = logFolder();
    const store = await openStore(logDir, { segmentSizeBytes: 20 });
    const log = store.series(rawSpec("web", DATE));
    for (let entry = 0; entry < 3; entry++) log.append(`a line of some length ${entry}\n`, 1);
    await store.commit();
    const path = `raw/web/log_${DATE}.jsonl`;
    expect([(await readOpenPaths(logDir)).has(path), store.openPaths().has(path)]).toEqual([true, true]);
    const byVolume = retentionOf(logDir, { openPaths: () => readOpenPaths(logDir) });
    expect((await byVolume.run(LATER)).planned).toEqual([]);
    for (let commit = 0; commit < 3; commit++) await store.commit();
    // Two are sealed; the last one may still be written.
    const [last] = [...store.openPaths()];
    expect([...(await readOpenPaths(logDir))]).toEqual([last]);
    expect((await byVolume.run(LATER)).done).toHaveLength(4);
    expect(pathsIn(logDir)).toEqual([
      `archive/raw/web/log_${DATE}.1.jsonl.gz`,
      `archive/raw/web/log_${DATE}.jsonl.gz`,
      last,
    ]);
  });

  it("late lines go to a number that no compressed or archived file has", async () => {
    const logDir = logFolder({
      [`raw/web/log_${DATE}.jsonl`]: "one\n",
      [`raw/web/log_${DATE}.1.jsonl`]: "two\n",
    });
    await retentionOf(logDir).run(LATER);
    const store = await openStore(logDir);
    store.series(rawSpec("web", DATE)).append("late\n", 1);
    await store.commit();
    expect(pathsIn(logDir)).toContain(`raw/web/log_${DATE}.2.jsonl`);
    expect(recordsIn(logDir)).toEqual(["late", "one", "two"]);
  });

  it("each record is in one place, however the two meet", async () => {
    const logDir = logFolder();
    const store = await openStore(logDir, { segmentSizeBytes: 200 });
    const asked = [() => store.openPaths(), () => readOpenPaths(logDir)];
    const appenders = ["web", "api"].map((name) => store.series(rawSpec(name, DATE)));
    const expected: string[] = [];
    let stop = false;
    const keeping = async () => {
      let treated = 0;
      for (let run = 0; !stop; run++) {
        const { done, failures } = await retentionOf(logDir, { openPaths: asked[run % 2]! }).run(LATER);
        expect(failures).toEqual([]);
        treated += done.length;
      }
      return treated;
    };
    const kept = keeping();
    for (let entry = 0; entry < 1500; entry++) {
      const line = `entry ${String(entry).padStart(5, "0")}`;
      expected.push(line);
      appenders[entry % 2]!.append(`${line}\n`, 1);
      if (entry % 25 === 24) await store.commit();
    }
    stop = true;
    expect(await kept).toBeGreaterThan(20);
    await store.close();
    expect(recordsIn(logDir)).toEqual(expected);
  });
});
