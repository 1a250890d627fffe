import { once } from "node:events";
import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requirement } from "../requirements.js";
import { connect, removeContainers, runContainer } from "./engine.js";
import { lineNumber, printLines } from "./lines.js";
import { COLLECT, SidecarProcess } from "./sidecar.js";
import { storedRecords } from "./stored.js";

interface Row {
  readonly what: string;
  readonly count: number;
  /** Absent: as fast as the engine takes them. */
  readonly perSecond?: number;
  readonly logDriver: string;
  readonly logOptions: Readonly<Record<string, string>>;
}

/** Files that are full in a fifth of a second, and all gone in half a second: none may be lost while following begins anew. */
const tiny = { "max-size": "100k", "max-file": "3" };
const small = { "max-size": "2m", "max-file": "3" };

/** What makes followers lose or double lines at log rotation, each with a few dozen rotations. */
const ROWS: readonly Row[] = [
  { what: "2,000 lines/s", count: 6_000, perSecond: 2_000, logDriver: "json-file", logOptions: tiny },
  { what: "10,000 lines/s", count: 20_000, perSecond: 10_000, logDriver: "json-file", logOptions: small },
  { what: "60,000 lines/s", count: 90_000, perSecond: 60_000, logDriver: "json-file", logOptions: small },
  {
    what: "a burst, few large files",
    count: 80_000,
    logDriver: "json-file",
    logOptions: { "max-size": "6m", "max-file": "4" },
  },
  {
    what: "a burst, few small files",
    count: 80_000,
    logDriver: "json-file",
    logOptions: { "max-size": "2m", "max-file": "3" },
  },
  { what: "a burst", count: 80_000, logDriver: "local", logOptions: { "max-size": "2m", "max-file": "5" } },
];

describe.skipIf(requirement("engine").missing)("log rotation on a real engine", () => {
  const docker = connect();
  const made: Docker.Container[] = [];
  let sidecar: SidecarProcess;

  beforeAll(async () => {
    sidecar = await SidecarProcess.start();
    await sidecar.until("it has started", () => sidecar.log.includes("connected to the Docker Engine"));
  });

  afterAll(async () => {
    await sidecar?.stop();
    await removeContainers(made);
    if (sidecar) await rm(sidecar.logDir, { recursive: true, force: true });
  });

  for (const [index, row] of ROWS.entries()) {
    it(`stores once all that a read without follow shows: ${row.logDriver}, ${row.what}`, async () => {
      const name = `st-rotated-${index}`;
      const { count, perSecond, logDriver, logOptions } = row;
      const script = `${printLines({ count, ...(perSecond && { perSecond }) })}; echo done`;
      const container = await runContainer(docker, { name, script, logDriver, logOptions, labels: COLLECT });
      made.push(container);
      const follower = logOptions === tiny ? await plainFollower(container) : undefined;
      await container.wait();
      const raw = async () =>
        (await storedRecords(sidecar.logDir)).filter((record) => record.container === name);
      await sidecar.until(
        "its last line is stored",
        async () => (await raw()).some(({ message }) => message === "done"),
        90_000,
      );

      const held = numbersOf((await container.logs({ follow: false, stdout: true })).toString("latin1"));
      const records = await raw();
      const stored = records.flatMap(({ data }) => (typeof data?.["n"] === "number" ? [data["n"]] : []));
      const gaps = records.filter((record) => record.event_type === "log_sidecar.gap").length;

      expect(held.length).toBeGreaterThan(0);
      expect(new Set(stored).size, "a line is stored twice").toBe(stored.length);
      expect(isRising(stored), "lines are out of order").toBe(true);
      const known = new Set(stored);
      expect(held.filter((number) => !known.has(number))).toEqual([]);
      // A busy machine takes lines from either, one or the other; a reader that begins anew at each rotation loses a tenth and more.
      if (follower) expect(stored.length).toBeGreaterThan((await follower()) - count / 15);
      // Whatever the engine threw away before it was read is told; so is what can't be known any more, for want of the log.
      expect(gaps > 0 || stored.length === count, "a loss is not told").toBe(true);
    });
  }
});

/** Follows as anybody would; resolves to how many lines came, once the container has ended. */
async function plainFollower(container: Docker.Container): Promise<() => Promise<number>> {
  const stream = await container.logs({ follow: true, stdout: true });
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  const ended = once(stream, "end");
  return async () => {
    await Promise.race([ended, sleep(2_000, undefined, { ref: false })]);
    return new Set(numbersOf(Buffer.concat(chunks).toString("latin1"))).size;
  };
}

function numbersOf(log: string): number[] {
  return [...log.matchAll(/\{"n":\d+,/g)].map(([start]) => lineNumber(start) ?? 0);
}

function isRising(numbers: readonly number[]): boolean {
  return numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0));
}
