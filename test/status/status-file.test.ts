import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { StatusFile, type StatusParts } from "../../src/status/status-file.js";

let logDir = "";
let commits = 0;

beforeEach(() => {
  logDir = mkdtempSync(join(tmpdir(), "status-"));
  mkdirSync(join(logDir, ".sidecar"));
  commits = 0;
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "Date", "performance"] });
});

afterEach(() => {
  vi.useRealTimers();
  rmSync(logDir, { recursive: true });
});

function statusFile() {
  const parts = {
    logDir,
    store: { status: () => ({ commits }) },
    ledger: { entries: () => [] },
    windows: { size: 0 },
    housekeeping: { status: () => ({ shedding: false }), disk: { read: async () => undefined } },
    rules: { current: { native: [], sigma: [] } },
    telemetry: { counters: { toJSON: () => ({}) }, log: { debug: vi.fn() } },
  };
  return new StatusFile(parts as unknown as StatusParts);
}

/** Lets 2 s pass again and again. Not `vi.waitFor`, which lets time pass by itself. */
async function passUntil(holds: () => boolean): Promise<void> {
  do {
    await vi.advanceTimersByTimeAsync(2_000);
    await sleep(5);
  } while (!holds());
}

/** As it stands there; undefined as long as it does not. */
function written(): { at: string; store: { commits: number } } | undefined {
  try {
    return JSON.parse(readFileSync(join(logDir, ".sidecar/status.json"), "utf8"));
  } catch {
    return undefined;
  }
}

it("is made anew each 2 s where something has changed, else each 8 s, which is sign of life enough", async () => {
  const file = statusFile();
  file.start();
  while (written() === undefined) await sleep(5);
  const first = written()!.at;
  await passUntil(() => written()?.at !== first);
  expect(Date.parse(written()!.at) - Date.parse(first)).toBeGreaterThanOrEqual(8_000);
  const before = written()!.at;
  commits = 1;
  await passUntil(() => written()?.at !== before);
  expect(written()?.store.commits).toBe(1);
  await file.stop();
  expect(written()).toMatchObject({ stopped: true });
});
