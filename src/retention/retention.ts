import type { RetentionPolicy } from "../config/retention.js";
import type { Calendar } from "../core/calendar.js";
import { SidecarError } from "../core/errors.js";
import {
  foreignLeftAlone,
  retentionDone,
  retentionFailed,
  targetMissed,
} from "../telemetry/retention-events.js";
import type { Telemetry } from "../telemetry/telemetry.js";
import { type Applied, type ApplyOptions, applyWork, type StepDone, type StepFailure } from "./apply.js";
import type { LeftAlone } from "./data-file.js";
import { type DiskSpace, readDiskSpace } from "./disk-space.js";
import { type EmergencyPlan, planEmergency } from "./emergency.js";
import { type RetentionIndex, readIndex, writeIndex } from "./index-file.js";
import { type Inventory, takeInventory } from "./inventory.js";
import { type Obstacle, obstacleText } from "./obstacles.js";
import type { Packer } from "./packing/packer.js";
import { WorkerPacker } from "./packing/worker-packer.js";
import { type FileWork, planRetention } from "./plan.js";
import { ratiosOf, withPackings } from "./ratios.js";
import type { Sacrifice } from "./sacrifice.js";

/** Gives the retention lock back. */
export interface RetentionLock {
  release(): Promise<void>;
}

export interface RetentionOptions {
  readonly logDir: string;
  /** Of the time zone in which segments are dated. */
  readonly calendar: Calendar;
  readonly policy: RetentionPolicy;
  readonly floorDays: number;
  readonly maxSizeBytes: number | undefined;
  readonly telemetry: Telemetry;
  /** Segments that may still change: of the store itself, or read from the volume. Asked after the files were listed. */
  readonly openPaths: () => Promise<ReadonlySet<string>> | ReadonlySet<string>;
  /** Keeps a second run out, of this process or another. @throws SidecarError RETENTION_RUNNING */
  readonly takeLock: () => Promise<RetentionLock>;
  readonly createPacker?: () => Packer;
  readonly readSpace?: (logDir: string) => Promise<DiskSpace>;
}

export interface RunOptions {
  /** Milliseconds since 1970. */
  readonly nowMs?: number;
  /** Plans and does nothing. */
  readonly dryRun?: boolean;
  /** Ends the run between two steps. */
  readonly signal?: AbortSignal;
  readonly onFile?: (done: number, all: number, path: string) => void;
}

/** What a run did, or in a dry run what it would do. */
export interface RetentionReport {
  readonly today: string;
  readonly planned: readonly FileWork[];
  readonly done: readonly StepDone[];
  readonly failures: readonly StepFailure[];
  readonly leftAlone: readonly LeftAlone[];
  readonly aborted: boolean;
}

export interface CleanupOptions extends RunOptions {
  readonly targetPercent: number;
  readonly include?: ReadonlySet<Sacrifice>;
}

export interface CleanupReport extends RetentionReport {
  readonly disk: DiskSpace;
  readonly needBytes: number;
  readonly freedBytes: number;
  /** Nothing has to be freed any more. */
  readonly reached: boolean;
  readonly obstacles: readonly Obstacle[];
}

/** What is on the volume now. */
export interface Snapshot {
  readonly inventory: Inventory;
  readonly openPaths: ReadonlySet<string>;
  readonly index: RetentionIndex;
  readonly today: string;
}

/** More rounds than this bring nothing: each goes by what the one before has shown. */
const MOST_ROUNDS = 6;

/** Keeps a log volume within its limits: by age, and when the disk fills up. Works beside a running sidecar and without one. */
export class Retention {
  readonly #options: RetentionOptions;
  #running: { readonly ended: Promise<void>; readonly stop: AbortController } | undefined;

  constructor(options: RetentionOptions) {
    this.#options = options;
  }

  /**
   * Compresses, archives and deletes what the policy says.
   * @throws SidecarError RETENTION_RUNNING
   */
  async run(options: RunOptions = {}): Promise<RetentionReport> {
    if (options.dryRun === true) return this.#runOnce(options);
    if (this.#running !== undefined) throw alreadyRunning();
    return this.#alone(options.signal, (signal) => this.#runOnce({ ...options, signal }));
  }

  /**
   * Frees what the disk has too little of, in the order of sacrifice. A run by schedule that is at work gives way.
   * @throws SidecarError RETENTION_RUNNING when another process is at work.
   */
  async cleanUp(options: CleanupOptions): Promise<CleanupReport> {
    if (options.dryRun === true) return this.#cleanUpOnce(options);
    while (this.#running !== undefined) {
      this.#running.stop.abort();
      await this.#running.ended;
    }
    return this.#alone(options.signal, (signal) => this.#cleanUpOnce({ ...options, signal }));
  }

  /** What there is, as of `nowMs`. Remembered for the next call when `save` is set. */
  async look(nowMs = Date.now(), save = false): Promise<Snapshot> {
    const { logDir, calendar, openPaths, telemetry } = this.#options;
    const former = await readIndex(logDir);
    const inventory = await takeInventory(logDir, former);
    // Behind the listing: what is made from now on is not in it, and what was made before stands in these.
    const open = await openPaths();
    const index = { ...former, folders: inventory.folders };
    const today = calendar.dateOf(new Date(nowMs).toISOString());
    if (save) {
      foreignLeftAlone(telemetry, newlyLeft(inventory, former));
      await this.#save(index);
    }
    return { inventory, openPaths: open, index, today };
  }

  /** The disk of the log folder. */
  space(): Promise<DiskSpace> {
    return (this.#options.readSpace ?? readDiskSpace)(this.#options.logDir);
  }

  async #runOnce({ nowMs, dryRun = false, signal, onFile }: RunOptions): Promise<RetentionReport> {
    const { policy, telemetry } = this.#options;
    const { inventory, openPaths, index, today } = await this.look(nowMs, !dryRun);
    const { files, leftAlone } = inventory;
    const planned = planRetention({ files, policy, today, openPaths });
    const report = { today, planned, leftAlone };
    if (dryRun) return { ...report, ...NOTHING_DONE };
    const applied = await this.#apply(planned, index, { signal, onFile });
    retentionDone(telemetry, "schedule", applied.done);
    retentionFailed(telemetry, applied.failures);
    return { ...report, ...applied };
  }

  async #cleanUpOnce(options: CleanupOptions): Promise<CleanupReport> {
    const { telemetry } = this.#options;
    const disk = await this.space();
    const done: StepDone[] = [];
    const failures = new Map<string, StepFailure>();
    let { snapshot, plan } = await this.#planCleanup(options, disk);
    const first = { planned: plan.work, needBytes: plan.needBytes };
    let freedBytes = 0;
    let aborted = false;
    if (options.dryRun !== true) {
      for (let round = 0; round < MOST_ROUNDS && plan.work.length > 0 && !aborted; round++) {
        const leftBytes = first.needBytes - freedBytes;
        const applied = await this.#apply(plan.work, snapshot.index, {
          ...options,
          goesOn: (freed) => freed < leftBytes,
        });
        done.push(...applied.done);
        for (const failure of applied.failures) failures.set(failure.path, failure);
        freedBytes += freedOf(applied.done);
        aborted = applied.aborted;
        if (applied.done.length === 0 && !applied.failures.some(({ noRoom }) => noRoom)) break;
        // By what was freed, not by what the disk says: other programs that fill it must not cost all logs.
        const noRoom = applied.failures.some((failure) => failure.noRoom);
        ({ snapshot, plan } = await this.#planCleanup(options, disk, { freedBytes, noRoom, failures }));
      }
      retentionDone(telemetry, "emergency", done);
      retentionFailed(telemetry, [...failures.values()]);
    }
    const expectedBytes = options.dryRun === true ? plan.expectedBytes : freedBytes;
    const reached = expectedBytes >= first.needBytes;
    if (!reached && !aborted && options.dryRun !== true) {
      targetMissed(telemetry, first.needBytes - freedBytes, plan.obstacles.map(obstacleText));
    }
    return {
      ...first,
      today: snapshot.today,
      done,
      failures: [...failures.values()],
      leftAlone: snapshot.inventory.leftAlone,
      aborted,
      disk,
      freedBytes: expectedBytes,
      reached,
      obstacles: reached ? [] : plan.obstacles,
    };
  }

  async #planCleanup(
    { nowMs, dryRun, targetPercent, include = new Set() }: CleanupOptions,
    disk: DiskSpace,
    so: { freedBytes: number; noRoom: boolean; failures: ReadonlyMap<string, StepFailure> } = NO_ROUND_YET,
  ): Promise<{ snapshot: Snapshot; plan: EmergencyPlan }> {
    const { floorDays, maxSizeBytes } = this.#options;
    const snapshot = await this.look(nowMs, dryRun !== true);
    const { inventory, openPaths, index, today } = snapshot;
    // What failed for another reason than room would fail again.
    const failed = [...so.failures.values()].filter(({ noRoom }) => !noRoom).map(({ path }) => path);
    const plan = planEmergency({
      files: inventory.files,
      openPaths: new Set([...openPaths, ...failed]),
      today,
      disk: { ...disk, freeBytes: disk.freeBytes + so.freedBytes },
      targetPercent,
      maxSizeBytes,
      floorDays,
      include,
      ratios: ratiosOf(index.packed),
      noRoom: so.noRoom,
    });
    return { snapshot, plan };
  }

  async #apply(
    work: readonly FileWork[],
    index: RetentionIndex,
    { signal, onFile, goesOn }: Pick<ApplyOptions, "signal" | "onFile" | "goesOn">,
  ): Promise<Applied> {
    if (work.length === 0) return { ...NOTHING_DONE };
    const packer = (this.#options.createPacker ?? (() => new WorkerPacker()))();
    try {
      const applied = await applyWork(work, {
        logDir: this.#options.logDir,
        packer,
        signal,
        goesOn,
        onFile,
      });
      const packed = withPackings(index.packed, applied.done);
      if (packed !== index.packed) await this.#save({ ...index, packed });
      return applied;
    } finally {
      await packer.close();
    }
  }

  /** The index is a cache: a disk that has no room for it has no room for more important things either. */
  async #save(index: RetentionIndex): Promise<void> {
    try {
      await writeIndex(this.#options.logDir, index);
    } catch (cause) {
      this.#options.telemetry.log.debug({ cause }, "the index of retention could not be written");
    }
  }

  async #alone<T>(outer: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const stop = new AbortController();
    const abort = () => stop.abort();
    outer?.addEventListener("abort", abort);
    if (outer?.aborted === true) abort();
    const result = this.#locked(() => work(stop.signal));
    const ended = result.then(
      () => undefined,
      () => undefined,
    );
    const running = { ended, stop };
    this.#running = running;
    try {
      return await result;
    } finally {
      outer?.removeEventListener("abort", abort);
      if (this.#running === running) this.#running = undefined;
    }
  }

  async #locked<T>(work: () => Promise<T>): Promise<T> {
    const lock = await this.#options.takeLock();
    try {
      return await work();
    } finally {
      await lock.release();
    }
  }
}

const NOTHING_DONE: Applied = { done: [], failures: [], aborted: false };
const NO_ROUND_YET = { freedBytes: 0, noRoom: false, failures: new Map<string, StepFailure>() };

function alreadyRunning(): SidecarError {
  return new SidecarError("RETENTION_RUNNING", "Retention of this sidecar is still at work");
}

function freedOf(done: readonly StepDone[]): number {
  return done.reduce((sum, { freedBytes }) => sum + freedBytes, 0);
}

function newlyLeft({ leftAlone }: Inventory, former: RetentionIndex): LeftAlone[] {
  const known = new Set<string>();
  for (const [folder, { others }] of Object.entries(former.folders)) {
    for (const [name] of others) known.add(`${folder}/${name}`);
  }
  return leftAlone.filter(({ path }) => !known.has(path));
}
