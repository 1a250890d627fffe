import { execFileSync } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { expect, it } from "vitest";
import { listRuleFiles, readRuleFile } from "../../src/rules/files.js";
import { rulesFolder } from "./records.js";

async function namesIn(dir: string): Promise<string[]> {
  return (await listRuleFiles(dir)).map((file) => relative(dir, file.path));
}

it("lists YAML files in name order, sub-folders too", async () => {
  const dir = await rulesFolder({
    "b.yaml": "",
    "a.yml": "",
    "sub/c.yaml": "",
    "B.YAML": "",
    "10.yaml": "",
    "9.yaml": "",
  });
  expect(await namesIn(dir)).toEqual(["10.yaml", "9.yaml", "B.YAML", "a.yml", "b.yaml", "sub/c.yaml"]);
});

it("takes several folders together; a later one's file takes the place of one with the same name", async () => {
  const shipped = await rulesFolder({ "b.yaml": "", "z.yaml": "" });
  const mine = await rulesFolder({ "a.yaml": "", "z.yaml": "" });
  const files = await listRuleFiles(`${shipped}:${mine}`);
  expect(files.map((file) => file.path)).toEqual([
    join(mine, "a.yaml"),
    join(shipped, "b.yaml"),
    join(mine, "z.yaml"),
  ]);
});

it("takes a file that is named itself, in the place of one of its name too", async () => {
  const shipped = await rulesFolder({ "b.yaml": "", "z.yaml": "" });
  const mine = await rulesFolder({ "z.yaml": "", "sub/other.txt": "" });
  const paths = async (dir: string) => (await listRuleFiles(dir)).map(({ path }) => path);
  expect(await paths(join(mine, "z.yaml"))).toEqual([join(mine, "z.yaml")]);
  expect(await paths(`${shipped}:${join(mine, "z.yaml")}`)).toEqual([
    join(shipped, "b.yaml"),
    join(mine, "z.yaml"),
  ]);
  expect(await paths(join(mine, "sub/other.txt"))).toEqual([join(mine, "sub/other.txt")]);
});

it("leaves out what is hidden, what editors leave, and other files", async () => {
  const names = [
    ".a.yaml",
    ".#a.yaml",
    "#a.yaml#",
    "a.yaml~",
    ".a.yaml.swp",
    "a.yaml.bak",
    "README.md",
    ".git/b.yaml",
  ];
  const dir = await rulesFolder(Object.fromEntries(names.map((name) => [name, "x"])));
  expect(await namesIn(dir)).toEqual([]);
});

it("follows links as mounted folders have them, and leaves circles", async () => {
  const dir = await rulesFolder({ "..data/onnx.yaml": "rules: []" });
  await symlink("..data/onnx.yaml", join(dir, "onnx.yaml"));
  await symlink("nowhere", join(dir, "broken"));
  await mkdir(join(dir, "sub"));
  await symlink("..", join(dir, "sub", "up"));
  expect(await namesIn(dir)).toEqual(["onnx.yaml"]);
});

it("takes what is named like a rule file and can't be read for one with a fault, without opening it", async () => {
  const dir = await rulesFolder({ "c.yaml": "rules: []" });
  await symlink("nowhere.yaml", join(dir, "a.yaml"));
  execFileSync("mkfifo", [join(dir, "b.yml")]);
  const faults = [];
  for (const file of await listRuleFiles(dir)) faults.push(await readRuleFile(file));
  expect(faults).toEqual([
    { fault: expect.stringMatching(/link leads nowhere/) },
    { fault: expect.stringMatching(/no file, but a pipe/) },
    { text: "rules: []", sizeBytes: 9 },
  ]);
});

it("says which folder cannot be read and what to do", async () => {
  await expect(listRuleFiles("/nowhere/rules")).rejects.toThrow(
    /rules folder \/nowhere\/rules cannot be read: ENOENT.*SIDECAR_RULES_DIR/,
  );
});

it("gives a file another stamp when it changes", async () => {
  const dir = await rulesFolder({ "a.yaml": "rules: []" });
  const [before] = await listRuleFiles(dir);
  await writeFile(join(dir, "a.yaml"), "rules: [ ]");
  const [after] = await listRuleFiles(dir);
  expect(after?.stamp).not.toBe(before?.stamp);
});

it("refuses files that are too large or not text, and says so of unreadable ones", async () => {
  const dir = await rulesFolder({ "a.yaml": `# ${"x".repeat(1024 * 1024)}`, "b.yaml": "" });
  await writeFile(join(dir, "b.yaml"), Buffer.from([0x61, 0xff, 0xfe]));
  const [large, binary] = await listRuleFiles(dir);
  expect(await readRuleFile(large!)).toEqual({
    fault: expect.stringMatching(/1048578 bytes; .* may have 1048576/),
  });
  expect(await readRuleFile(binary!)).toEqual({ fault: "the file is not UTF-8 text" });
  expect(await readRuleFile({ ...large!, path: join(dir, "c.yaml"), sizeBytes: 1 })).toEqual({
    fault: expect.stringMatching(/cannot be read: ENOENT/),
  });
});
