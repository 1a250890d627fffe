import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/store/checkpoint.js";
import { Store } from "../../src/store/store.js";
import { lookAtVolume } from "../../src/store/volume.js";
import { silentTelemetry } from "../../src/telemetry/telemetry.js";
import { filesIn, openStore, optionsFor, rawSpec, temporaryFolder } from "./stores.js";

const HEAD = { serial: 7, at: "2026-01-31T00:00:00.000Z", segments: [], staged: [], retired: [] };

describe("the text of a checkpoint", () => {
  it("is JSON and gives back what was put in", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (parts) => {
        const texts = new Map(Object.entries(parts).map(([name, value]) => [name, JSON.stringify(value)]));
        const text = encodeCheckpoint(HEAD, texts);
        const expected = JSON.parse(JSON.stringify({ ...HEAD, parts }));
        expect(JSON.parse(text).body).toEqual(expected);
        expect(decodeCheckpoint(text)).toEqual(expected);
      }),
    );
  });

  it("is refused with any byte changed, added or left out", () => {
    const text = encodeCheckpoint(HEAD, new Map([["positions", '{"a":"1"}']]));
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom("", "0", "}", "\n", "xx"), (index, other) => {
        const changed = text.slice(0, index) + other + text.slice(index + 1);
        if (changed !== text) expect(() => decodeCheckpoint(changed)).toThrow();
      }),
    );
    for (let length = 0; length < text.length; length++)
      expect(() => decodeCheckpoint(text.slice(0, length))).toThrow();
  });

  it("of a later version is refused and says so", () => {
    const text = encodeCheckpoint(HEAD, new Map()).replace('"version":1', '"version":2');
    expect(() => decodeCheckpoint(text)).toThrow("it is of version 2, this program reads 1");
  });
});

it("that is durable is told to the parts that it has", async () => {
  const logDir = temporaryFolder();
  const store = await openStore(logDir);
  const heard: number[] = [];
  let count = 0;
  const stored = () => decodeCheckpoint(readFileSync(join(logDir, ".sidecar/checkpoint.json"), "utf8"));
  store.register({
    name: "count",
    snapshot: () => JSON.stringify(++count),
    committed: () => heard.push(Number(stored().parts["count"])),
  });
  await store.commit();
  await store.commit();
  expect(heard).toEqual([1, 2]);
  await store.close();
});

describe("a broken checkpoint", () => {
  /** A volume with two commits, the first with 1 line and the second with 2. */
  async function volume(): Promise<string> {
    const logDir = temporaryFolder();
    const store = await openStore(logDir);
    let count = 0;
    store.register({ name: "count", snapshot: () => JSON.stringify(count) });
    const web = store.series(rawSpec("web"));
    for (const line of ["one\n", "two\n"]) {
      web.append(line, 1);
      count++;
      await store.commit();
    }
    // As if killed here: closing would commit once more.
    const kept = ["checkpoint.json", "checkpoint.previous.json"].map(
      (name) => [name, readFileSync(join(logDir, ".sidecar", name))] as const,
    );
    await store.close();
    for (const [name, text] of kept) writeFileSync(join(logDir, ".sidecar", name), text);
    return logDir;
  }

  const spoil = (logDir: string, name: string) =>
    writeFileSync(join(logDir, ".sidecar", name), '{"version":1,');

  it("is set aside, and the one before it counts", async () => {
    const logDir = await volume();
    spoil(logDir, "checkpoint.json");
    const telemetry = silentTelemetry();
    const store = await openStore(logDir, { telemetry });
    expect(store.restored("count")).toBe(1);
    expect(filesIn(logDir)).toEqual({ "raw/web/log_2999-01-01.jsonl": "one\n" });
    expect(telemetry.counters.get("checkpoints_broken_total")).toBe(1);
    expect(readdirSync(join(logDir, ".sidecar"))).toContainEqual(
      expect.stringMatching(/^checkpoint\.broken-2.*\.json$/),
    );
  });

  it("before the last one does no harm", async () => {
    const logDir = await volume();
    spoil(logDir, "checkpoint.previous.json");
    expect((await openStore(logDir)).restored("count")).toBe(2);
  });

  it("is no reason to begin anew: when both are, the start is refused each time, until they are removed", async () => {
    const logDir = await volume();
    spoil(logDir, "checkpoint.json");
    spoil(logDir, "checkpoint.previous.json");
    for (let i = 0; i < 2; i++) {
      await expect(Store.open(optionsFor(logDir))).rejects.toMatchObject({
        code: "CHECKPOINT_BROKEN",
        remedy: expect.stringContaining(`remove ${logDir}/.sidecar/checkpoint*.json`),
      });
    }
    rmSync(join(logDir, ".sidecar/checkpoint.json"));
    await expect(Store.open(optionsFor(logDir))).rejects.toMatchObject({ code: "CHECKPOINT_BROKEN" });
    rmSync(join(logDir, ".sidecar/checkpoint.previous.json"));
    const store = await openStore(logDir);
    expect(store.restored("count")).toBeUndefined();
    store.series(rawSpec("web")).append("again\n", 1);
    await store.commit();
    // What was there is not touched and not continued.
    expect(filesIn(logDir)).toEqual({
      "raw/web/log_2999-01-01.jsonl": "one\ntwo\n",
      "raw/web/log_2999-01-01.1.jsonl": "again\n",
    });
  });

  it("of which only the former is left, as between two renames, is no loss", async () => {
    const logDir = await volume();
    rmSync(join(logDir, ".sidecar/checkpoint.json"));
    expect((await openStore(logDir)).restored("count")).toBe(1);
  });

  it("keeps the state of parts that this run does not have", async () => {
    const logDir = await volume();
    const store = await openStore(logDir);
    store.register({ name: "other", snapshot: () => JSON.stringify(["x"]) });
    await store.close();
    const third = await openStore(logDir);
    expect([third.restored("count"), third.restored("other"), third.restored("toString")]).toEqual([
      2,
      ["x"],
      undefined,
    ]);
  });
});

describe("an unwritable log folder", () => {
  it("that is a file is said with what mends it", async () => {
    const logDir = join(temporaryFolder(), "logs");
    writeFileSync(logDir, "");
    const remedy = expect.stringContaining("Move it away");
    const refusal = { code: "LOG_DIR_UNWRITABLE", remedy };
    await expect(Store.open(optionsFor(logDir))).rejects.toMatchObject(refusal);
    expect(await lookAtVolume(logDir)).toMatchObject(refusal);
  });

  it("is made when it is missing, closed to others", async () => {
    const logDir = join(temporaryFolder(), "a/b/logs");
    mkdirSync(join(logDir, ".."), { recursive: true });
    const store = await openStore(logDir);
    store.series(rawSpec("web")).append("x\n", 1);
    await store.commit();
    expect(filesIn(logDir)).toEqual({ "raw/web/log_2999-01-01.jsonl": "x\n" });
  });
});
