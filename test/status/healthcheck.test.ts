import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, expect, it, onTestFinished } from "vitest";
import { findProgram } from "../../scripts/programs.mjs";
import type { Status } from "../../src/status/status.js";
import { StatusWriter } from "../../src/status/status-writer.js";
import { silentTelemetry } from "../../src/telemetry/telemetry.js";
import { requirement } from "../requirements.js";

const script = fileURLToPath(new URL("../../dist/healthcheck.sh", import.meta.url));
const user = 10001;
const store = { openSegments: 0, stagedFiles: 0, waitingBytes: 0, commits: 0, diskFull: false };

let folder = "";
let logDir = "";

beforeEach(() => {
  // Not os.tmpdir(): another user must be able to reach it whatever TMPDIR is.
  folder = mkdtempSync("/tmp/health-");
  onTestFinished(() => rmSync(folder, { recursive: true }));
  chmodSync(folder, 0o755);
  logDir = join(folder, "logs");
  mkdirSync(join(logDir, ".sidecar"), { recursive: true });
  // What the check needs and no more: were Node started, the check would fail.
  mkdirSync(join(folder, "bin"));
  for (const name of ["date", "setpriv"]) {
    const path = findProgram(name);
    if (path !== undefined) symlinkSync(path, join(folder, "bin", name));
  }
});

/** A sidecar has said this `agoMs` ago. */
async function say(agoMs: number, more: Partial<Status> = {}): Promise<void> {
  const status = {
    version: "1",
    pid: 7,
    startedAt: "2026-01-31T11:00:00.000Z",
    at: new Date(Date.now() - agoMs).toISOString(),
    stopped: false,
    rules: { native: 0, sigma: 0 },
    store,
    counters: {},
    containers: [],
    ...more,
  };
  const writer = new StatusWriter({ logDir, telemetry: silentTelemetry(), collect: async () => status });
  await writer.stop();
}

function check(env: NodeJS.ProcessEnv, before: readonly string[] = []) {
  const [program = "", ...args] = [...before, "/bin/sh", script];
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: "utf8",
    env: { SIDECAR_LOG_DIR: logDir, ...env },
  });
  return [status, stdout, stderr];
}

const withoutNode = () => ({ PATH: join(folder, "bin") });
const withNode = { PATH: process.env["PATH"] };

it.skipIf(requirement("setpriv").missing)(
  "sees in the first line of the status that all is well, and starts nothing of Node",
  async () => {
    await say(1_000);
    expect(check(withoutNode())).toEqual([0, "healthy\n", ""]);
  },
);

it.each([
  ["silent", 60_000, {}, /^unhealthy: it last showed life 6\d s ago\n$/],
  ["stopped", 1_000, { stopped: true }, /^unhealthy: it has been stopped\n$/],
  ["failing", 1_000, { store: { ...store, failing: "no commit" } }, /^unhealthy: no commit\n$/],
] as const)(
  "leaves a sidecar that is %s to the program that says what is wrong",
  async (_, agoMs, more, text) => {
    await say(agoMs, more);
    expect(check(withoutNode())[0]).not.toBe(0);
    expect(check(withNode)).toEqual([1, "", expect.stringMatching(text)]);
  },
);

it("leaves to that program what it has nothing to read of", () => {
  expect(check(withNode)).toEqual([1, "", expect.stringContaining("[SIDECAR_ABSENT]")]);
});

it.skipIf(requirement("root").missing || requirement("setpriv").missing)(
  "reads as the user that the sidecar became, where root may not",
  async () => {
    await say(1_000);
    for (const path of [logDir, join(logDir, ".sidecar"), join(logDir, ".sidecar/status.json")])
      chownSync(path, user, user);
    chmodSync(join(logDir, ".sidecar"), 0o750);
    // As Docker starts it with `cap_drop: [ALL]` and what the compose file gives back.
    const few = "-all,+chown,+setgid,+setuid";
    const start = [findProgram("setpriv") ?? "", "--bounding-set", few, "--inh-caps", few, "--"];
    const env = { ...withoutNode(), SIDECAR_DROP_TO: `${user}:${user}` };
    expect(check(env, start)).toEqual([0, "healthy\n", ""]);
    expect(check(withoutNode(), start)[0]).not.toBe(0);
  },
);
