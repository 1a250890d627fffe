import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { backup } from "../../src/cli/backup.js";
import { copyStaged, filesIn, openStore, rawSpec, samplesSpec, temporaryFolder } from "../store/stores.js";

const silent = { out: { write: () => undefined }, err: { write: () => undefined } };

it("is a copy that fits its checkpoint, whatever is written, sealed and begun meanwhile", async () => {
  const logDir = temporaryFolder("memory");
  const store = await openStore(logDir, { segmentSizeBytes: 4000, stagedMaxEntries: 400 });
  let count = 0;
  store.register({ name: "position", snapshot: () => String(count) });
  const samples = store.staged(samplesSpec(), copyStaged);
  let isOver = false;
  const writing = (async () => {
    // Not for ever: copies of thousands of files take long.
    while (!isOver && count < 6000) {
      // Each line once in a series, in ever new ones, and in a sample.
      for (let at = 0; at < 20; at++) {
        store.series(rawSpec("web")).append(`${count}\n`, 1);
        store.series(rawSpec(`web${count % 7}`)).append(`${count}\n`, 1);
        samples.append(`${count}\n`, 1);
        count += 1;
      }
      await store.commit();
    }
  })();
  const copies: string[] = [];
  for (let round = 0; round < 4; round++) {
    const before = count;
    while (count < before + 60) await new Promise(setImmediate);
    const copy = join(temporaryFolder("memory"), "copy");
    await backup(logDir, copy, silent);
    copies.push(copy);
  }
  isOver = true;
  await writing;
  for (const copy of copies) {
    const next = await openStore(copy);
    next.registerFinisher(".npz", copyStaged);
    const position = Number(next.restored("position"));
    await next.close();
    const lines = (start: string) =>
      Object.entries(filesIn(copy))
        .filter(([path]) => path.startsWith(start))
        .flatMap(([, text]) => text.split("\n"))
        .filter((line) => /^\d+$/.test(line))
        .map(Number)
        .sort((a, b) => a - b);
    const expected = Array.from({ length: position }, (_, at) => at);
    expect(position).toBeGreaterThan(0);
    expect(lines("raw/web/")).toEqual(expected);
    expect(lines("training/d/")).toEqual(expected);
    expect(lines("raw/web").length).toBe(2 * position);
  }
  await store.close();
});

it("refuses a folder that is not empty, or lies in the log folder, and a log folder that is none", async () => {
  const logDir = temporaryFolder();
  await (await openStore(logDir)).close();
  const full = temporaryFolder();
  writeFileSync(join(full, "theirs"), "text");
  for (const target of [full, logDir, join(logDir, "raw/copy")]) {
    await expect(backup(logDir, target, silent)).rejects.toMatchObject({ code: "SETTINGS_INVALID" });
  }
  expect(readFileSync(join(full, "theirs"), "utf8")).toBe("text");
  const empty = temporaryFolder();
  mkdirSync(join(empty, "raw"));
  await expect(backup(empty, join(temporaryFolder(), "copy"), silent)).rejects.toMatchObject({
    code: "SETTINGS_INVALID",
  });
  expect(existsSync(join(logDir, "raw/copy"))).toBe(false);
});
