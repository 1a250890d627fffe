import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Housekeeping } from "../../src/pipeline/housekeeping.js";
import { DiskWatch } from "../../src/retention/disk-watch.js";
import { LAST_RUN } from "../../src/retention/places.js";
import type {
  CleanupOptions,
  CleanupReport,
  RetentionReport,
  RunOptions,
} from "../../src/retention/report.js";
import { Retention } from "../../src/retention/retention.js";
import { createTelemetry } from "../../src/telemetry/telemetry.js";

const MB = 1_000_000;

/** A retention that says what it was asked, on a disk of 100 MB. */
class Asked extends Retention {
  readonly asked: string[] = [];
  usedMb = 50;
  reached = true;
  obstacle = "3.0 MB of other files";
  block: Promise<void> | undefined;
  waiting: RetentionReport["waiting"];
  secondLook: RunOptions["secondLook"];

  override async run({ signal, secondLook }: RunOptions = {}): Promise<RetentionReport> {
    this.asked.push("run");
    this.secondLook = secondLook;
    while (this.block !== undefined && signal?.aborted !== true) await sleep(5);
    const aborted = signal?.aborted === true;
    const nothing = { planned: [], done: [], failures: [], leftAlone: [], openFiles: 0 };
    return { today: "2026-01-31", ...nothing, aborted, waiting: this.waiting };
  }

  override async cleanUp({ targetPercent }: CleanupOptions): Promise<CleanupReport> {
    this.asked.push(`to ${targetPercent}`);
    if (this.reached) this.usedMb = targetPercent;
    const disk = { sizeBytes: 100 * MB, freeBytes: 0 };
    const nothing = {
      today: "",
      planned: [],
      done: [],
      failures: [],
      leftAlone: [],
      openFiles: 0,
      aborted: false,
    };
    return { ...nothing, disk, needBytes: 1, freedBytes: 5 * MB, reached: this.reached, obstacles: [] };
  }
}

interface Given {
  readonly cron?: string;
  readonly shedDebug?: boolean;
  readonly usedMb?: number;
  readonly logDir?: string;
  readonly maxSize?: number;
}

function setUp(options: Given = {}) {
  const { cron = "0 0 1 1 *", shedDebug = false, usedMb = 50 } = options;
  const logDir = options.logDir ?? mkdtempSync(join(tmpdir(), "keeping-"));
  let log = "";
  const destination = new Writable({
    write(chunk, _encoding, done) {
      log += String(chunk);
      done();
    },
  });
  const telemetry = createTelemetry({ level: "info", destination });
  const space = async () => ({ sizeBytes: 100 * MB, freeBytes: (100 - retention.usedMb) * MB });
  const days = { compress: undefined, archive: undefined, delete: undefined };
  const retention: Asked = new Asked({
    logDir,
    calendar: { dateOf: (ts: string) => ts.slice(0, 10) } as never,
    policy: { raw: days, summary: days, training: days, tagged: days } as never,
    floorDays: 1,
    maxSizeBytes: undefined,
    telemetry,
    openPaths: () => new Set(),
    takeLock: async () => ({ release: async () => undefined }),
    readSpace: space,
  });
  retention.usedMb = usedMb;
  let full = false;
  const stopping = new AbortController();
  const disk = new DiskWatch(logDir, space);
  const settings = {
    logDir,
    timeZone: "UTC",
    retentionCron: cron,
    diskHigh: 85,
    diskTarget: 80,
    maxSize: options.maxSize,
    shedDebug,
  };
  const keeping = new Housekeeping({ settings, telemetry, retention, disk, stopping, isFull: () => full });
  const setFull = (is: boolean) => {
    full = is;
  };
  return { keeping, retention, disk, logDir, log: () => log, setFull };
}

describe("housekeeping", () => {
  it("makes a missed run up at the start, and remembers it for the next start", async () => {
    const { keeping, retention, logDir } = setUp();
    await keeping.start();
    await expect.poll(() => keeping.status().lastRun).toBeDefined();
    expect(retention.asked).toEqual(["run"]);
    expect(keeping.status().nextRun).toMatch(/-01-01T00:00:00/);
    await keeping.stop();
    await expect.poll(() => readFileSync(join(logDir, LAST_RUN), "utf8")).toContain('"failed":0');
    const again = setUp({ logDir });
    await again.keeping.start();
    await again.keeping.stop();
    expect(again.retention.asked).toEqual([]);
    expect(again.keeping.status().lastRun?.at).toBe(keeping.status().lastRun?.at);
  });

  it("tells of deletions that wait for a second look, and asks the next run of another start for it", async () => {
    const { keeping, retention, logDir, log } = setUp();
    retention.waiting = { since: "2026-01-31T00:00:00.000Z", today: "2026-01-31", files: 3, bytes: 30 };
    await keeping.start();
    await expect.poll(() => keeping.status().lastRun?.waiting).toEqual(retention.waiting);
    await expect.poll(() => existsSync(join(logDir, LAST_RUN))).toBe(true);
    await keeping.stop();
    expect(log()).toContain("is it 2026-01-31, and is the policy meant?");
    const lastRun = JSON.parse(readFileSync(join(logDir, LAST_RUN), "utf8"));
    writeFileSync(join(logDir, LAST_RUN), JSON.stringify({ ...lastRun, at: "2026-01-31T00:00:00.000Z" }));
    const again = setUp({ logDir });
    await again.keeping.start();
    await expect.poll(() => again.retention.secondLook).toEqual({ former: retention.waiting });
    await again.keeping.stop();
  });

  it("ends a run when it is stopped, and makes that one up next time", async () => {
    const { keeping, retention, logDir } = setUp();
    retention.block = Promise.resolve();
    await keeping.start();
    const from = performance.now();
    await keeping.stop();
    expect(performance.now() - from).toBeLessThan(1000);
    expect(keeping.status().lastRun).toBeUndefined();
    const again = setUp({ logDir });
    await again.keeping.start();
    await again.keeping.stop();
    expect(again.retention.asked).toEqual(["run"]);
  });

  it("cleans up at the mark, down to the target", async () => {
    const { keeping, retention, log } = setUp({ cron: "off", usedMb: 90 });
    await keeping.start();
    await keeping.look();
    await keeping.stop();
    expect(retention.asked).toEqual(["to 80"]);
    expect(keeping.status().lastCleanup).toMatchObject({ reached: true, freedBytes: 5 * MB });
    expect(log()).toContain('"usedPercent":90,"msg":"the emergency cleanup begins"');
  });

  it("cleans up when the log folder holds more than it may, whatever room the disk has", async () => {
    const logDir = mkdtempSync(join(tmpdir(), "keeping-"));
    mkdirSync(join(logDir, "raw/api"), { recursive: true });
    writeFileSync(join(logDir, "raw/api/log_2026-01-30.jsonl"), "x".repeat(100));
    for (const [maxSize, asked] of [
      [100, []],
      [99, ["to 100"]],
    ] as const) {
      const { keeping, retention } = setUp({ cron: "off", logDir, maxSize });
      await keeping.start();
      await keeping.stop();
      expect(retention.asked).toEqual(asked);
    }
  });

  it("tries again what it cannot reach, and says once that it begins", async () => {
    const { keeping, retention, log } = setUp({ cron: "off", usedMb: 90 });
    retention.reached = false;
    await keeping.start();
    await keeping.look();
    await keeping.stop();
    expect(retention.asked).toEqual(["to 80", "to 80"]);
    expect(log().split("the emergency cleanup begins")).toHaveLength(2);
  });

  it("cleans up when the store is refused space, one cleanup for all who ask at once", async () => {
    const { keeping, retention } = setUp({ cron: "off", usedMb: 99 });
    await Promise.all([keeping.onDiskFull(), keeping.onDiskFull(), keeping.look()]);
    expect(retention.asked).toEqual(["to 80"]);
    await keeping.stop();
    await keeping.onDiskFull();
    expect(retention.asked).toEqual(["to 80"]);
  });

  it("sheds debug records while the disk is nearly full or the store waits for space, if it is told to", async () => {
    const { keeping, disk, setFull, log } = setUp({ cron: "off", usedMb: 96, shedDebug: true });
    expect(keeping.sheds()).toBe(false);
    await disk.read();
    expect(keeping.sheds()).toBe(true);
    expect(keeping.status().shedding).toBe(true);
    await keeping.onDiskFull();
    expect(keeping.sheds()).toBe(false);
    setFull(true);
    expect(keeping.sheds()).toBe(true);
    expect(log().split("are not written")).toHaveLength(3);
    expect(setUp({ usedMb: 99 }).keeping.sheds()).toBe(false);
  });
});
