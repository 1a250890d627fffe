import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const dist = join(root, "dist");

it("the bundled program needs no packages beside it", () => {
  const folder = mkdtempSync(join(tmpdir(), "bundle-"));
  mkdirSync(join(folder, "dist"));
  for (const name of readdirSync(dist)) {
    if (/^(?:main|chunk-.*)\.js$/.test(name)) cpSync(join(dist, name), join(folder, "dist", name));
  }
  for (const name of ["package.json", "rules"])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  const args = [
    join(folder, "dist/main.js"),
    "run",
    "--log-dir",
    join(folder, "logs"),
    "--",
    "echo",
    "hello",
  ];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
  expect([status, stderr]).toEqual([0, expect.stringContaining('"level":"info"')]);
  const [file] = readdirSync(join(folder, "logs/raw/echo"));
  expect(readFileSync(join(folder, "logs/raw/echo", file!), "utf8")).toContain('"message":"hello"');
});

it("holds neither gRPC nor SSH, and the licenses of all that it holds", () => {
  const licenses = readFileSync(join(dist, "licenses.txt"), "utf8");
  const packages = [...licenses.matchAll(/^(\S+) \d+\.\d+\.\d+\S* \(/gm)].map(([, name]) => name);
  expect(packages).toEqual(expect.arrayContaining(["dockerode", "pino", "split2", "through2", "zod"]));
  expect(packages.filter((name) => /grpc|protobufjs|ssh2/.test(name!))).toEqual([]);
});
