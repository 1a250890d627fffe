import type { Settings } from "../config/schema.js";
import type { DiskSpace } from "../retention/disk-space.js";
import { usedPercent } from "../retention/disk-space.js";
import type { DiskWatch } from "../retention/disk-watch.js";
import { cleanupTarget, isCritical } from "../retention/guard.js";
import { type LastRun, readLastRun, summarize, writeLastRun } from "../retention/last-run.js";
import { obstacleText } from "../retention/obstacles.js";
import type { Retention } from "../retention/retention.js";
import { Schedule } from "../retention/schedule.js";
import { readStorage } from "../retention/storage.js";
import { cleanupBegun, housekeepingFailed, shedding } from "../telemetry/housekeeping-events.js";
import { deletionWaits, targetReached } from "../telemetry/retention-events.js";
import type { Telemetry } from "../telemetry/telemetry.js";

type HousekeepingSettings = Pick<
  Settings,
  "logDir" | "timeZone" | "retentionCron" | "diskHigh" | "diskTarget" | "maxSize" | "shedDebug"
>;

export interface HousekeepingParts {
  readonly settings: HousekeepingSettings;
  readonly telemetry: Telemetry;
  readonly retention: Retention;
  readonly disk: DiskWatch;
  /** Aborted by `stop`: ends runs. */
  readonly stopping: AbortController;
  /** Whether the store waits for space. */
  readonly isFull: () => boolean;
}

/** What the last emergency cleanup did. */
export interface LastCleanup {
  readonly at: string;
  readonly freedBytes: number;
  readonly reached: boolean;
  readonly obstacles: string[];
}

export interface HousekeepingStatus {
  readonly lastRun: LastRun | undefined;
  readonly nextRun: string | undefined;
  /** As the logs grow now; null: not within a year. Reckoned at the start and behind each run. */
  readonly daysUntilFull: number | null | undefined;
  readonly lastCleanup: LastCleanup | undefined;
  readonly shedding: boolean;
}

const GUARD_EVERY_MS = 60_000;
/** What is at work when the sidecar stops is waited for so long; it may be killed anywhere. */
const STOP_WAIT_MS = 3_000;

/** Lets the disk look after itself: retention by schedule, and a guard that frees space before there is none. */
export class Housekeeping {
  readonly #parts: HousekeepingParts;
  readonly #schedule: Schedule;
  #guard: NodeJS.Timeout | undefined;
  #cleaning: Promise<void> | undefined;
  #running: Promise<void> | undefined;
  #lastRun: LastRun | undefined;
  #lastCleanup: LastCleanup | undefined;
  #daysUntilFull: number | null | undefined;
  #isShedding = false;

  /** @throws SidecarError SETTINGS_INVALID */
  constructor(parts: HousekeepingParts) {
    this.#parts = parts;
    const { retentionCron: cron, timeZone } = parts.settings;
    this.#schedule = new Schedule({ cron, timeZone, run: () => this.#run() });
  }

  /** Once the store is open. Never rejects. */
  async start(): Promise<void> {
    const { settings, stopping } = this.#parts;
    this.#guard = setInterval(() => void this.look(), GUARD_EVERY_MS);
    this.#guard.unref();
    this.#lastRun = await readLastRun(settings.logDir);
    await this.look();
    await this.#forecast();
    if (stopping.signal.aborted) return;
    this.#schedule.start(this.#lastRun === undefined ? undefined : Date.parse(this.#lastRun.at));
  }

  /** Looks at the disk, and cleans up where that is needed. Never rejects. */
  async look(): Promise<void> {
    try {
      const { disk, settings } = this.#parts;
      const space = await disk.read();
      const target = cleanupTarget({
        disk: space,
        highPercent: settings.diskHigh,
        targetPercent: settings.diskTarget,
        logBytes: settings.maxSize === undefined ? 0 : await this.#logBytes(),
        maxSizeBytes: settings.maxSize,
      });
      if (target === undefined) targetReached(this.#parts.telemetry);
      else await this.#cleanUp(target === 100 ? "size" : "disk", space, target);
    } catch (cause) {
      housekeepingFailed(this.#parts.telemetry, "looking after the disk", cause);
    }
  }

  /** The store was refused space. May come before the store is open. Never rejects. */
  async onDiskFull(): Promise<void> {
    try {
      const { disk, settings } = this.#parts;
      const target = Math.min(settings.diskTarget, settings.diskHigh);
      await this.#cleanUp("full", await disk.readNow(), target);
    } catch (cause) {
      housekeepingFailed(this.#parts.telemetry, "the emergency cleanup", cause);
    }
  }

  /** The disk of the log folder, as everybody asks about it. */
  get disk(): DiskWatch {
    return this.#parts.disk;
  }

  /** What works on the files, also when it is asked for. */
  get retention(): Retention {
    return this.#parts.retention;
  }

  /** Whether records of level debug and trace are left out of raw now. */
  sheds(): boolean {
    const { settings, disk, isFull, telemetry } = this.#parts;
    if (!settings.shedDebug) return false;
    const is = isCritical(disk.last) || isFull();
    if (is !== this.#isShedding) {
      this.#isShedding = is;
      shedding(telemetry, is);
    }
    return is;
  }

  status(): HousekeepingStatus {
    return {
      lastRun: this.#lastRun,
      nextRun: this.#schedule.next?.toISOString(),
      daysUntilFull: this.#daysUntilFull,
      lastCleanup: this.#lastCleanup,
      shedding: this.#isShedding,
    };
  }

  /** Begins nothing more; resolves when what was at work has ended, or has not for long. */
  async stop(): Promise<void> {
    this.#schedule.stop();
    clearInterval(this.#guard);
    this.#parts.stopping.abort();
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, STOP_WAIT_MS);
    });
    await Promise.race([Promise.all([this.#running, this.#cleaning]), limit]);
    clearTimeout(timer);
  }

  /** A run by schedule. Never rejects. */
  #run(): Promise<void> {
    this.#running ??= this.#runOnce()
      .catch((cause: unknown) => {
        const { stopping, telemetry } = this.#parts;
        if (!stopping.signal.aborted) housekeepingFailed(telemetry, "retention", cause);
      })
      .finally(() => {
        this.#running = undefined;
      });
    return this.#running;
  }

  async #runOnce(): Promise<void> {
    const { retention, settings, stopping, telemetry } = this.#parts;
    if (stopping.signal.aborted) return;
    const beganMs = Date.now();
    const former = this.#lastRun?.waiting;
    const report = await retention.run({ signal: stopping.signal, secondLook: { former } });
    // What was broken off is made up.
    if (report.aborted) return;
    if (report.waiting !== undefined) deletionWaits(telemetry, report.waiting, former?.since);
    this.#lastRun = summarize(report, beganMs);
    await this.#forecast();
    await writeLastRun(settings.logDir, this.#lastRun);
  }

  async #forecast(): Promise<void> {
    try {
      ({ daysUntilFull: this.#daysUntilFull } = await readStorage(this.#parts.retention));
    } catch (cause) {
      housekeepingFailed(this.#parts.telemetry, "the forecast", cause);
    }
  }

  #cleanUp(why: string, space: DiskSpace, targetPercent: number): Promise<void> {
    this.#cleaning ??= this.#cleanUpOnce(why, space, targetPercent).finally(() => {
      this.#cleaning = undefined;
    });
    return this.#cleaning;
  }

  async #cleanUpOnce(why: string, space: DiskSpace, targetPercent: number): Promise<void> {
    const { retention, disk, stopping, telemetry } = this.#parts;
    if (stopping.signal.aborted) return;
    // What could not be freed is tried again each minute, and told once.
    if (this.#lastCleanup?.reached !== false) cleanupBegun(telemetry, why, usedPercent(space));
    const { signal } = stopping;
    const report = await retention.cleanUp({ targetPercent, signal });
    this.#lastCleanup = {
      at: new Date().toISOString(),
      freedBytes: report.freedBytes,
      reached: report.reached,
      obstacles: report.obstacles.map(obstacleText),
    };
    await disk.readNow();
  }

  async #logBytes(): Promise<number> {
    const { inventory } = await this.#parts.retention.look();
    return inventory.files.reduce((sum, { bytes }) => sum + bytes, 0);
  }
}
