import { execFileSync, spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { causeText, SidecarError } from "../../src/core/errors.js";
import { ownFileLimit, readFileLimit } from "../../src/core/file-limit.js";

it("reads the limit of open files as the kernel tells it", () => {
  const limits = execFileSync("/bin/sh", ["-c", "ulimit -n 123; cat /proc/self/limits"], {
    encoding: "utf8",
  });
  expect(readFileLimit(limits)).toBe(123);
  expect(
    readFileLimit("Max open files            unlimited            unlimited            files"),
  ).toBeUndefined();
});

it("names the limit wherever it is met, in what is told of any other error it is silent", () => {
  const met = Object.assign(new Error("spawn df EMFILE"), { code: "EMFILE" });
  const limit = ownFileLimit();
  expect(limit).toBeGreaterThan(0);
  expect(causeText(met)).toContain(`spawn df EMFILE (The disk is well: this process may have only ${limit} `);
  const error = new SidecarError("STORE_FAILED", "writing x", { cause: met });
  expect(error.message).toContain(`writing x: spawn df EMFILE [STORE_FAILED] The disk is well`);
  expect(causeText(error)).toBe(error.message);
  expect(causeText(Object.assign(new Error("EIO: bad"), { code: "EIO" }))).toBe("EIO: bad");
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
  const met = ran.stderr.split("\n").filter((line) => line.includes("EMFILE"));
  expect(met.filter((line) => !line.includes("may have only 64 files open"))).toEqual([]);
}, 60_000);
