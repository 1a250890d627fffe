import { utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readFolder, stampFolder } from "../../src/rules/folder.js";
import { rulesFolder } from "./records.js";

const LONG_AGO = new Date("2026-01-31T00:00:00Z");

it("reads all files in name order, with what is wrong with one in its place", async () => {
  const dir = await rulesFolder({ "b.yaml": "rules: []", "a/c.yaml": "\u{feff}rules: []" });
  await writeFile(join(dir, "z.yaml"), Buffer.from([0xff, 0xfe]));
  const { files } = await readFolder(dir);
  expect(files.map(({ path }) => path.slice(dir.length + 1))).toEqual(["a/c.yaml", "b.yaml", "z.yaml"]);
  expect(files.map(({ content }) => ("fault" in content ? content.fault : content.sizeBytes))).toEqual([
    12,
    9,
    "the file is not UTF-8 text",
  ]);
});

it("has the stamp of that moment, and one digest for one content", async () => {
  const dir = await rulesFolder({ "a.yaml": "rules: []" });
  const first = await readFolder(dir);
  expect(await stampFolder(dir)).toBe(first.stamp);
  await utimes(join(dir, "a.yaml"), LONG_AGO, LONG_AGO);
  const touched = await readFolder(dir);
  expect(touched.stamp).not.toBe(first.stamp);
  expect(touched.digest).toBe(first.digest);
  await writeFile(join(dir, "a.yaml"), "rules: {}");
  expect((await readFolder(dir)).digest).not.toBe(first.digest);
});

it("does not trust the times of files that were just written", async () => {
  expect((await readFolder(await rulesFolder({ "a.yaml": "rules: []" }))).settled).toBe(false);
  expect((await readFolder(await rulesFolder({}))).settled).toBe(true);
});
