import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { STORE_FAULT_POINTS } from "../../src/store/fault-points.js";

const program = fileURLToPath(new URL("../fixtures/store-counter.mjs", import.meta.url));
const dist = fileURLToPath(new URL("../../dist", import.meta.url));
const TOTAL = 200;
const GROUP = 4;
/** The journal is shortened only when it has grown. */
const MANY = 1000;
const FOLDERS = [`raw/${"n".repeat(100)}`, "summary/t", "training/d"];

interface Outcome {
  readonly signal: string | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs the program; `killAfterMs` kills it from outside. */
async function run(
  logDir: string,
  args: readonly (string | number)[],
  killAfterMs?: number,
): Promise<Outcome> {
  const child = spawn(process.execPath, [program, dist, logDir, ...args.map(String)]);
  let output = "";
  let errors = "";
  child.stdout.on("data", (text) => (output += text));
  child.stderr.on("data", (text) => (errors += text));
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), killAfterMs);
  const [, signal] = (await once(child, "close")) as [number | null, string | null];
  clearTimeout(timer);
  return { signal, output, errors };
}

/** The numbers in a folder's files, in the order of the files. */
function numbersIn(folder: string): number[] {
  const numberOf = (name: string) => Number(/[._](\d+)\.\w+$/.exec(name)?.[1] ?? 0);
  const names = readdirSync(folder)
    .filter((name) => !name.endsWith(".json"))
    .sort((a, b) => numberOf(a) - numberOf(b));
  const text = names.map((name) => readFileSync(join(folder, name), "utf8")).join("");
  return text
    .split("\n")
    .filter((line) => /^\d+$/.test(line))
    .map(Number);
}

function expectAllOnce(logDir: string, total = TOTAL): void {
  const expected = Array.from({ length: total }, (_, index) => index);
  for (const folder of FOLDERS) expect(numbersIn(join(logDir, folder))).toEqual(expected);
  expectManifests(join(logDir, "training/d"));
}

/** Each finished file has its manifest, which speaks of what is in it, and no manifest stands alone. */
function expectManifests(folder: string): void {
  const names = readdirSync(folder);
  const finished = names.filter((name) => name.endsWith(".npz"));
  expect(names.length).toBe(2 * finished.length);
  for (const name of finished) {
    const manifest = readFileSync(join(folder, name.replace(".npz", ".json")), "utf8");
    expect(JSON.parse(manifest)).toBe(readFileSync(join(folder, name), "utf8"));
  }
}

/** A process for each point, and one more for each group. */
function groupsOf(points: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(points.length / GROUP) }, (_, index) =>
    points.slice(index * GROUP, (index + 1) * GROUP),
  );
}

describe("a store that is killed", { timeout: 60_000 }, () => {
  let logDir = "";
  beforeEach(() => {
    // In memory where possible: a killed process leaves the page cache behind, so the medium makes no difference but in time.
    logDir = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "killed-"));
  });
  afterEach(() => rmSync(logDir, { recursive: true, force: true }));

  it.each(groupsOf(STORE_FAULT_POINTS))(
    "at %s, %s, %s and %s goes on without a number twice or missing",
    async (...points) => {
      let total = 0;
      for (const point of points) {
        // Each has so much of its own to do.
        total += point === "journal:compacted" ? MANY : TOTAL;
        // Not always the first time, which is that of the recovery.
        const times = /^(recovery|journal|retired):/.test(point) ? 1 : 1 + (points.indexOf(point) % 3);
        const killed = await run(logDir, [total, point, times]);
        expect(killed, point).toEqual({ signal: "SIGKILL", output: expect.any(String), errors: "" });
      }
      const last = await run(logDir, [total]);
      expect(last).toEqual({ signal: null, output: expect.stringContaining("done"), errors: "" });
      expectAllOnce(logDir, total);
    },
  );

  it("at any time goes on without a number twice or missing", async () => {
    for (let i = 0; i < 5; i++) await run(logDir, [TOTAL], 60 + Math.random() * 400);
    expect((await run(logDir, [TOTAL])).output).toContain("done");
    expectAllOnce(logDir);
  });
});
