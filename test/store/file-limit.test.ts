import { execFileSync, spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { keptOpen, readFileLimit } from "../../src/store/file-limit.js";

it("reads the limit of open files as the kernel tells it", () => {
  const limits = execFileSync("/bin/sh", ["-c", "ulimit -n 123; cat /proc/self/limits"], {
    encoding: "utf8",
  });
  expect(readFileLimit(limits)).toBe(123);
  expect(
    readFileLimit("Max open files            unlimited            unlimited            files"),
  ).toBeUndefined();
});

it("keeps fewer files open where few may be", () => {
  expect([undefined, 1_048_576, 1024, 200, 128, 64].map(keptOpen)).toEqual([200, 200, 200, 68, 32, 8]);
});

it("stores lines of more components than it may have files open, and names the limit where it is met", async () => {
  const logDir = await mkdtemp(join(tmpdir(), "file-limit-"));
  onTestFinished(() => rm(logDir, { recursive: true, force: true }));
  const program = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
  const input = Array.from({ length: 100 }, (_, at) => `{"component":"c${at}","message":"hello"}\n`).join("");
  const script = 'ulimit -n 64; exec "$0" "$1" run --source stdin --log-dir "$2"';
  const ran = spawnSync("/bin/sh", ["-c", script, process.execPath, program, logDir], {
    input,
    encoding: "utf8",
  });
  expect(ran.status, ran.stderr).toBe(0);
  expect(await readdir(join(logDir, "raw"))).toHaveLength(100);
  if (ran.stderr.includes("EMFILE")) expect(ran.stderr).toContain("may have only 64 files open");
}, 60_000);
