import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { DEFAULT_POLICY } from "../../src/config/retention.js";
import { RETENTION_FAULT_POINTS } from "../../src/retention/fault-points.js";
import { logFolder, pathsIn, recordsIn, retentionOf } from "./files.js";

const program = fileURLToPath(new URL("../fixtures/retention-run.mjs", import.meta.url));
const dist = fileURLToPath(new URL("../../dist", import.meta.url));
const NOW = "2026-06-30T12:00:00Z";

function run(logDir: string, ...args: string[]) {
  const { signal, stdout, stderr } = spawnSync(process.execPath, [program, dist, logDir, NOW, ...args], {
    encoding: "utf8",
  });
  return { signal, stdout, stderr };
}

function lines(name: string): string {
  return Array.from({ length: 300 }, (_, index) => `${name} ${index}\n`).join("");
}

const KEPT = {
  "raw/web/log_2026-06-29.jsonl": lines("plain"),
  "raw/web/log_2026-06-28.jsonl": lines("plain too"),
  "raw/api/log_2026-06-26.jsonl": lines("never compressed"),
  "raw/api/error_2026-06-26.jsonl.gz": gzipSync(lines("compressed")),
  "training/q/q_2026-01-01_1.pkl": lines("samples"),
  "training/q/q_2026-01-01_1.json": lines("manifest"),
};
const DELETED = {
  "training/q/q_2020-01-01_1.npz": lines("old samples"),
  "training/q/q_2020-01-01_1.json": lines("old manifest"),
  "raw/web/log_2026-06-01.jsonl": lines("old"),
  "raw/web/log_2026-06-02.jsonl": lines("old too"),
};

/** Each of these is passed by one file alone. */
const ONCE = new Set(["run:begun", "run:synced", "archive:companion-moved", "delete:companion-removed"]);

const LEFT = [
  "archive/raw/api/error_2026-06-26.jsonl.gz",
  "archive/raw/api/log_2026-06-26.jsonl.gz",
  "archive/training/q/q_2026-01-01_1.json",
  "archive/training/q/q_2026-01-01_1.pkl.gz",
  "raw/web/log_2026-06-28.jsonl.gz",
  "raw/web/log_2026-06-29.jsonl.gz",
];

function expectAllOnce(logDir: string): void {
  expect(pathsIn(logDir)).toEqual(LEFT);
  expect(recordsIn(logDir)).toEqual(recordsIn(logFolder(KEPT)));
  expect(readdirSync(join(logDir, ".sidecar/retention/tmp"))).toEqual([]);
}

/** Killed in the middle of the work at a point that is passed more than once. */
function killedAt(point: string): string {
  const logDir = logFolder({ ...KEPT, ...DELETED });
  const killed = run(logDir, point, ONCE.has(point) ? "1" : "2");
  expect(killed).toEqual({ signal: "SIGKILL", stdout: "", stderr: "" });
  return logDir;
}

it.each(RETENTION_FAULT_POINTS)(
  "killed at %s, the next run leaves every record in one place",
  async (point) => {
    const logDir = killedAt(point);
    const policy = { ...DEFAULT_POLICY, training: { ...DEFAULT_POLICY.training, delete: 1825 } };
    const { failures } = await retentionOf(logDir, { policy }).run({ nowMs: Date.parse(NOW) });
    expect(failures).toEqual([]);
    expectAllOnce(logDir);
  },
);

it("killed again and again, the last run leaves every record in one place, and nothing of the others", () => {
  const logDir = killedAt("compress:written");
  for (const point of ["compress:renamed", "archive:moved"])
    expect(run(logDir, point, "1").signal).toBe("SIGKILL");
  expect(run(logDir)).toEqual({ signal: null, stdout: '{"failures":[],"aborted":false}\n', stderr: "" });
  expectAllOnce(logDir);
  // Locks of the dead are taken over.
  expect(readdirSync(join(logDir, ".sidecar/retention")).sort()).toEqual(["index.json", "tmp"]);
});
