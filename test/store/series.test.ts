import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { readOpenPaths } from "../../src/store/open-paths.js";
import { silentTelemetry } from "../../src/telemetry/telemetry.js";
import { DATE, filesIn, openStore, rawSpec, tableSpec, temporaryFolder } from "./stores.js";

const LOG = "raw/web/log_2999-01-01";

function plant(logDir: string, path: string, text: string): void {
  mkdirSync(dirname(join(logDir, path)), { recursive: true });
  writeFileSync(join(logDir, path), text);
}

describe("a series", () => {
  it("is seen in the files within a second, without a commit, closed to others", async () => {
    const logDir = temporaryFolder();
    const store = await openStore(logDir);
    store.series(rawSpec("web")).append('{"message":"Grüße 🌍"}\n', 1);
    await pause(1000);
    expect(filesIn(logDir)).toEqual({ [`${LOG}.jsonl`]: '{"message":"Grüße 🌍"}\n' });
    expect(store.status()).toMatchObject({ commits: 1, openSegments: 1 });
    expect(statSync(join(logDir, `${LOG}.jsonl`)).mode & 0o777).toBe(0o640);
    expect(statSync(join(logDir, "raw/web")).mode & 0o777).toBe(0o750);
  });

  it("goes on in further files past the segment size, between entries", async () => {
    const logDir = temporaryFolder();
    const telemetry = silentTelemetry();
    const store = await openStore(logDir, { segmentSizeBytes: 10, telemetry });
    const web = store.series(rawSpec("web"));
    for (const letter of "abcdefg") web.append(`${letter.repeat(5)}\n`, 1);
    await store.commit();
    expect(filesIn(logDir)).toEqual({
      [`${LOG}.jsonl`]: "aaaaa\nbbbbb\n",
      [`${LOG}.1.jsonl`]: "ccccc\nddddd\n",
      [`${LOG}.2.jsonl`]: "eeeee\nfffff\n",
      [`${LOG}.3.jsonl`]: "ggggg\n",
    });
    expect(telemetry.counters.get("segments_sealed_total", "raw")).toBe(3);
    expect(store.status().openSegments).toBe(1);
  });

  it("numbers its files in the order of their entries, also where a later one has more to write at once", async () => {
    const logDir = temporaryFolder();
    const store = await openStore(logDir, { segmentSizeBytes: 10 });
    const large = `${"x".repeat(100_000)}\n`;
    const table = store.series(tableSpec("a\n"));
    for (const text of ["12345678\n", large, "3\n"]) table.append(text, 1);
    await store.commit();
    expect(filesIn(logDir)).toEqual({
      "summary/t/t_2999-01-01.csv": "a\n12345678\n",
      "summary/t/t_2999-01-01.1.csv": `a\n${large}`,
      "summary/t/t_2999-01-01.2.csv": "a\n3\n",
    });
  });

  it("never continues a file that is not its own, be it compressed or in the archive", async () => {
    const logDir = temporaryFolder();
    plant(logDir, `${LOG}.jsonl.gz`, "foreign");
    plant(logDir, `${LOG}.2.jsonl`, "foreign");
    plant(logDir, `archive/${LOG}.4.jsonl.gz`, "foreign");
    plant(logDir, `${LOG}x.7.jsonl`, "another series");
    plant(logDir, `raw/web/log_2999-01-011.9.jsonl`, "another date");
    const store = await openStore(logDir);
    store.series(rawSpec("web")).append("ours\n", 1);
    await store.commit();
    expect(filesIn(logDir)[`${LOG}.5.jsonl`]).toBe("ours\n");
    expect(Object.values(filesIn(logDir)).filter((text) => text === "foreign")).toHaveLength(3);
  });

  it("goes on in its file after a restart, and in a new one when the header has changed", async () => {
    const logDir = temporaryFolder();
    const first = await openStore(logDir);
    first.series(tableSpec("a,b\n")).append("1,2\n", 1);
    await first.close();
    const second = await openStore(logDir);
    second.series(tableSpec("a,b\n")).append("3,4\n", 1);
    second.series(tableSpec("a,c\n")).append("5,6\n", 1);
    await second.close();
    expect(filesIn(logDir)).toEqual({
      "summary/t/t_2999-01-01.csv": "a,b\n1,2\n3,4\n",
      "summary/t/t_2999-01-01.1.csv": "a,c\n5,6\n",
    });
  });

  it("keeps a file for each header when entries come under two in turn", async () => {
    const logDir = temporaryFolder();
    const first = await openStore(logDir);
    for (let turn = 0; turn < 3; turn++) {
      first.series(tableSpec("a,b\n")).append(`${turn},1\n`, 1);
      first.series(tableSpec("a,c\n")).append(`${turn},2\n`, 1);
    }
    await first.close();
    const second = await openStore(logDir);
    second.series(tableSpec("a,b\n")).append("3,1\n", 1);
    second.series(tableSpec("a,c\n")).append("3,2\n", 1);
    await second.close();
    expect(filesIn(logDir)).toEqual({
      "summary/t/t_2999-01-01.csv": "a,b\n0,1\n1,1\n2,1\n3,1\n",
      "summary/t/t_2999-01-01.1.csv": "a,c\n0,2\n1,2\n2,2\n3,2\n",
    });
  });

  it("has no more than 16 files of different headers open", async () => {
    const logDir = temporaryFolder();
    const store = await openStore(logDir);
    for (let column = 0; column < 20; column++) store.series(tableSpec(`c${column}\n`)).append("1\n", 1);
    await store.commit();
    expect(store.status().openSegments).toBe(16);
    expect(Object.keys(filesIn(logDir))).toHaveLength(20);
    await store.close();
  });

  it("whose file was removed while it was open goes on in a new one with what was not durable", async () => {
    const logDir = temporaryFolder();
    const telemetry = silentTelemetry();
    const store = await openStore(logDir, { telemetry });
    const table = store.series(tableSpec("a\n"));
    table.append("committed\n", 1);
    await store.commit();
    table.append("seen\n", 1);
    await store.flush();
    rmSync(join(logDir, "summary/t/t_2999-01-01.csv"));
    table.append("next\n", 1);
    await store.commit();
    // Not the old name: the checkpoint still knew it with another length.
    expect(filesIn(logDir)).toEqual({ "summary/t/t_2999-01-01.1.csv": "a\nseen\nnext\n" });
    expect(telemetry.counters.get("segments_lost_total")).toBe(1);
    await store.close();
    await openStore(logDir);
    expect(filesIn(logDir)).toEqual({ "summary/t/t_2999-01-01.1.csv": "a\nseen\nnext\n" });
  });

  it("whose file somebody emptied or wrote into goes on in a new one", async () => {
    const logDir = temporaryFolder();
    const store = await openStore(logDir);
    const web = store.series(rawSpec("web"));
    web.append("one\n", 1);
    await store.commit();
    truncateSync(join(logDir, `${LOG}.jsonl`));
    web.append("two\n", 1);
    await store.commit();
    web.append("three\n", 1);
    await store.flush();
    appendFileSync(join(logDir, `${LOG}.1.jsonl`), "foreign\n");
    web.append("four\n", 1);
    await store.commit();
    expect(filesIn(logDir)).toEqual({
      [`${LOG}.jsonl`]: "",
      [`${LOG}.1.jsonl`]: "two\nthree\nforeign\n",
      [`${LOG}.2.jsonl`]: "four\n",
    });
  });

  it("whose file was cut or removed between two runs goes on in a new one, and says so", async () => {
    const logDir = temporaryFolder();
    const first = await openStore(logDir);
    for (const name of ["cut", "removed"]) first.series(rawSpec(name)).append("committed\n", 1);
    await first.close();
    truncateSync(join(logDir, "raw/cut/log_2999-01-01.jsonl"), 3);
    rmSync(join(logDir, "raw/removed/log_2999-01-01.jsonl"));
    const telemetry = silentTelemetry();
    const second = await openStore(logDir, { telemetry });
    expect(telemetry.counters.get("segments_lost_total")).toBe(2);
    for (const name of ["cut", "removed"]) second.series(rawSpec(name)).append("more\n", 1);
    await second.commit();
    expect(filesIn(logDir)).toEqual({
      "raw/cut/log_2999-01-01.jsonl": "com",
      "raw/cut/log_2999-01-01.1.jsonl": "more\n",
      "raw/removed/log_2999-01-01.1.jsonl": "more\n",
    });
  });

  it("of a past date is sealed when it has been quiet, and lines that come later begin a new file", async () => {
    vi.useFakeTimers({
      toFake: ["setInterval", "clearInterval", "Date"],
      now: new Date(`${DATE}T23:59:00Z`),
    });
    try {
      const logDir = temporaryFolder();
      const store = await openStore(logDir);
      const web = store.series(rawSpec("web", DATE));
      web.append("in time\n", 1);
      await store.commit();
      await vi.advanceTimersByTimeAsync(9 * 60_000);
      expect(store.status().openSegments).toBe(1);
      await vi.advanceTimersByTimeAsync(2 * 60_000);
      await store.commit();
      expect(store.status().openSegments).toBe(0);
      // Both checkpoints could still be gone back to.
      expect(store.openPaths()).toEqual(new Set([`raw/web/log_${DATE}.jsonl`]));
      await store.commit();
      await store.commit();
      expect(store.openPaths()).toEqual(new Set());
      web.append("late\n", 1);
      await store.commit();
      expect(filesIn(logDir)).toEqual({
        [`raw/web/log_${DATE}.jsonl`]: "in time\n",
        [`raw/web/log_${DATE}.1.jsonl`]: "late\n",
      });
      expect(await readOpenPaths(logDir)).toContain(`raw/web/log_${DATE}.1.jsonl`);
      await store.close();
    } finally {
      vi.useRealTimers();
    }
  });

  it("is one of a thousand, with far fewer open files", async () => {
    const logDir = temporaryFolder("memory");
    const store = await openStore(logDir);
    const all = Array.from({ length: 1000 }, (_, index) => store.series(rawSpec(`app-${index}`)));
    for (const line of ["one\n", "two\n", "three\n"]) {
      for (const each of all) each.append(line, 1);
      await store.commit();
    }
    expect(store.status()).toMatchObject({ openSegments: 1000, waitingBytes: 0 });
    const open = readdirSync("/proc/self/fd").length;
    expect(open).toBeLessThan(400);
    await store.close();
    const texts = Object.values(filesIn(logDir));
    expect(texts).toHaveLength(1000);
    expect(new Set(texts)).toEqual(new Set(["one\ntwo\nthree\n"]));
  });
});
