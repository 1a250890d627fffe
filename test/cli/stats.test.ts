import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { healthOf } from "../../src/cli/healthcheck.js";
import { stats } from "../../src/cli/stats.js";
import type { Status } from "../../src/status/status.js";
import { readStatus } from "../../src/status/status-file.js";

const at = Date.parse("2026-01-31T12:00:00.000Z");
const account = { collapsed: 0, sampled: 0, droppedByRule: 1, droppedByLevel: 2, held: 0, shed: 0, gaps: 0 };
const status: Status = {
  version: "0.1.0",
  pid: 7,
  startedAt: "2026-01-31T11:00:00.000Z",
  at: new Date(at).toISOString(),
  stopped: false,
  disk: { freeBytes: 5e9, sizeBytes: 20e9 },
  rules: { native: 12, sigma: 1 },
  store: { openSegments: 3, stagedFiles: 1, waitingBytes: 1500, commits: 9, diskFull: false },
  openGroups: 12,
  counters: { records_written_total: { raw: 40, tagged: 2 } },
  containers: [{ id: "a", name: "shop-api-1", read: 43, written: 40, ...account }],
};

function logDirWith(content: Status): string {
  const logDir = mkdtempSync(join(tmpdir(), "stats-"));
  mkdirSync(join(logDir, ".sidecar"));
  writeFileSync(join(logDir, ".sidecar/status.json"), JSON.stringify(content));
  return logDir;
}

function fileOf(logDir: string) {
  return { stats: () => readStatus(logDir) };
}

async function textOf(nowMs: number, json = false): Promise<string> {
  let text = "";
  const out = { write: (part: string) => (text += part) };
  expect(await stats(fileOf(logDirWith(status)), { json }, { out }, nowMs)).toBe(0);
  return text;
}

it("shows what was written and what became of each container's lines", async () => {
  const text = await textOf(at + 1_000);
  expect(text).toContain(
    "written: raw 40, summary 0, training 0, tagged 2\nwindows: 12 groups have no row yet\n",
  );
  expect(text).toMatch(/^shop-api-1 +43 +40 +0 +0 +3 +0 +0$/m);
  expect(text).not.toContain("no sign of life");
});

it("says when the sidecar that wrote it shows no life any more", async () => {
  expect(await textOf(at + 60_000)).toContain("no sign of life for 60 s: it was killed, or hangs\n");
});

it("says when the sidecar was stopped in good order, however long ago", async () => {
  const logDir = logDirWith({ ...status, stopped: true });
  let text = "";
  await stats(
    fileOf(logDir),
    { json: false },
    { out: { write: (part: string) => (text += part) } },
    at + 60_000,
  );
  expect(text).toContain("it has been stopped; everything that was read is committed\n");
});

const forwarder: Status = {
  ...status,
  forward: {
    host: "web-1",
    servers: ["nats://10.0.0.1:4222"],
    trouble: "the stream is full",
    containers: [{ id: "a", name: "shop-api-1", published: 41, waiting: 2, sequence: 7 }],
  },
};

it("of a forwarder shows what it forwards, and nothing of a store that it has not", async () => {
  let text = "";
  const out = { write: (part: string) => (text += part) };
  await stats(fileOf(logDirWith(forwarder)), { json: false }, { out }, at);
  expect(text).toContain(
    "forwarding as web-1 to nats://10.0.0.1:4222\ntrouble: the stream is full\nlast published: nothing since the start\n",
  );
  expect(text).toMatch(/^shop-api-1 +41 +2 +7$/m);
  expect(text).not.toMatch(/^(store|rules|written):/m);
});

it("of a sidecar that stores as well shows both", async () => {
  let text = "";
  const out = { write: (part: string) => (text += part) };
  const both: Status = { ...forwarder, stopped: true, housekeeping: { shedding: false } };
  await stats(fileOf(logDirWith(both)), { json: false }, { out }, at);
  expect(text).toContain("it has been stopped; everything that was read is committed\n");
  expect(text).toMatch(
    /^shop-api-1 +43 +40 +0 +0 +3 +0 +0\n+forwarding as web-1 to nats:[\s\S]+^shop-api-1 +41 +2 +7$/m,
  );
});

it("gives all of it as JSON", async () => {
  expect(JSON.parse(await textOf(at, true))).toEqual(status);
});

it.each([
  ["alive", status, 1_000, true, "healthy\n"],
  ["stopped", { ...status, stopped: true }, 1_000, false, "unhealthy: it has been stopped\n"],
  ["silent", status, 60_000, false, "unhealthy: it last showed life 60 s ago\n"],
  [
    "failing",
    { ...status, store: { ...status.store, failing: "the commit did not work" } },
    1_000,
    false,
    "unhealthy: the commit did not work\n",
  ],
  ["not taken by NATS", forwarder, 1_000, false, "unhealthy: the stream is full\n"],
] as const)("healthcheck of a sidecar that is %s", (_name, content, laterMs, isHealthy, text) => {
  expect(healthOf(logDirWith(content), at + laterMs)).toEqual({ isHealthy, text });
});

it("healthcheck says what is missing where no sidecar ever ran", () => {
  const { isHealthy, text } = healthOf(mkdtempSync(join(tmpdir(), "stats-")));
  expect(isHealthy).toBe(false);
  expect(text).toContain("[SIDECAR_ABSENT]");
});

it("the health check of the image says the same, without the program", () => {
  const program = fileURLToPath(new URL("../../dist/healthcheck.cjs", import.meta.url));
  const check = (content: Status) => {
    const env = { ...process.env, SIDECAR_LOG_DIR: logDirWith(content) };
    const {
      status: exit,
      stdout,
      stderr,
    } = spawnSync(process.execPath, [program], { encoding: "utf8", env });
    return [exit, stdout, stderr];
  };
  expect(check({ ...status, at: new Date().toISOString() })).toEqual([0, "healthy\n", ""]);
  expect(check({ ...status, stopped: true })).toEqual([1, "", "unhealthy: it has been stopped\n"]);
});

it("the health check of the image looks into the folder that the command line names", () => {
  const program = fileURLToPath(new URL("../../dist/healthcheck.cjs", import.meta.url));
  const env = { ...process.env, SIDECAR_LOG_DIR: logDirWith({ ...status, stopped: true }) };
  const named = logDirWith({ ...status, at: new Date().toISOString() });
  const { stdout } = spawnSync(process.execPath, [program, "--log-dir", named], { encoding: "utf8", env });
  expect(stdout).toBe("healthy\n");
});
