import type { RetentionPolicy } from "../config/retention.js";
import type { Calendar } from "../core/calendar.js";
import {
  foreignLeftAlone,
  indexNotWritten,
  retentionDone,
  retentionFailed,
} from "../telemetry/retention-events.js";
import type { Telemetry } from "../telemetry/telemetry.js";
import { type Applied, type ApplyOptions, applyWork } from "./apply.js";
import { Cleanup } from "./cleanup.js";
import { type DiskSpace, readDiskSpace } from "./disk-space.js";
import { Exclusive, type TakeLock } from "./exclusive.js";
import { type RetentionIndex, readIndex, writeIndex } from "./index-file.js";
import { takeInventory } from "./inventory.js";
import { gzipPacker } from "./packing/gzip-file.js";
import type { Packer } from "./packing/packer.js";
import { countOpenDue, type FileWork, planRetention } from "./plan.js";
import { withPackings } from "./ratios.js";
import type { CleanupOptions, CleanupReport, RetentionReport, RunOptions } from "./report.js";
import { lookTwice } from "./second-look.js";
import type { Snapshot } from "./snapshot.js";

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
  readonly takeLock: TakeLock;
  /** How files are compressed and what the disk is; what a test puts in place of zlib and `df`. */
  readonly packer?: Packer;
  readonly readSpace?: (logDir: string) => Promise<DiskSpace>;
}

/** Keeps a log volume within its limits: by age, and when the disk fills up. Works beside a running sidecar and without one. */
export class Retention {
  readonly #options: RetentionOptions;
  readonly #exclusive: Exclusive;

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#exclusive = new Exclusive(options.takeLock);
  }

  get policy(): RetentionPolicy {
    return this.#options.policy;
  }

  /**
   * Compresses, archives and deletes what the policy says.
   * @throws SidecarError RETENTION_RUNNING
   */
  run(options: RunOptions = {}): Promise<RetentionReport> {
    if (options.dryRun === true) return this.#run(options);
    return this.#exclusive.run(options.signal, (signal) => this.#run({ ...options, signal }));
  }

  /**
   * Frees what the disk has too little of, in the order of sacrifice. A run by schedule that is at work gives way.
   * @throws SidecarError RETENTION_RUNNING when another process is at work.
   */
  async cleanUp(options: CleanupOptions): Promise<CleanupReport> {
    if (options.dryRun === true) return this.#cleanup(options).run();
    await this.#exclusive.interrupt();
    return this.#exclusive.run(options.signal, (signal) => this.#cleanup({ ...options, signal }).run());
  }

  /** What there is, as of `nowMs`. With `save` it is remembered for the next call. */
  async look(nowMs = Date.now(), save = false): Promise<Snapshot> {
    const { logDir, calendar, openPaths, telemetry } = this.#options;
    const former = await readIndex(logDir);
    const inventory = await takeInventory(logDir, former);
    // Behind the listing: what is made from now on is not in it, and what was made before stands in these.
    const open = await openPaths();
    const told = inventory.leftAlone.slice(0, MOST_TOLD).map(({ path }) => path);
    const index = { ...former, folders: inventory.folders, told };
    const today = calendar.dateOf(new Date(nowMs).toISOString());
    if (save) {
      const known = new Set(former.told);
      foreignLeftAlone(
        telemetry,
        inventory.leftAlone.filter(({ path }) => !known.has(path)),
      );
      await this.#save(index);
    }
    return { inventory, openPaths: open, index, today };
  }

  /** The disk of the log folder. */
  space(): Promise<DiskSpace> {
    return (this.#options.readSpace ?? readDiskSpace)(this.#options.logDir);
  }

  async #run({ nowMs, dryRun = false, signal, onFile, secondLook }: RunOptions): Promise<RetentionReport> {
    const { policy, telemetry } = this.#options;
    const snapshot = await this.look(nowMs, !dryRun);
    const { inventory, openPaths, today } = snapshot;
    const { files, leftAlone } = inventory;
    const request = { files, policy, today, openPaths };
    const due = planRetention(request);
    const { work: planned, waiting } =
      secondLook === undefined
        ? { work: due, waiting: undefined }
        : lookTwice({ work: due, policy, today, nowMs: nowMs ?? Date.now(), ...secondLook });
    const report = { today, planned, leftAlone, openFiles: countOpenDue(request), waiting };
    if (dryRun) return { ...report, ...NOTHING_DONE };
    const applied = await this.#apply(planned, snapshot, { signal, onFile });
    retentionDone(telemetry, "schedule", applied.done);
    retentionFailed(telemetry, applied.failures);
    return { ...report, ...applied };
  }

  #cleanup(options: CleanupOptions): Cleanup {
    const { floorDays, maxSizeBytes, telemetry } = this.#options;
    const parts = {
      floorDays,
      maxSizeBytes,
      telemetry,
      look: (nowMs: number | undefined, save: boolean) => this.look(nowMs, save),
      space: () => this.space(),
      apply: this.#apply.bind(this),
    };
    return new Cleanup(parts, options);
  }

  async #apply(
    work: readonly FileWork[],
    { index }: Snapshot,
    options: Pick<ApplyOptions, "signal" | "onFile" | "goesOn">,
  ): Promise<Applied> {
    if (work.length === 0) return NOTHING_DONE;
    const { logDir, packer = gzipPacker } = this.#options;
    const applied = await applyWork(work, { logDir, packer, ...options });
    const packed = withPackings(index.packed, applied.done);
    if (packed !== index.packed) await this.#save({ ...index, packed });
    return applied;
  }

  /** The index is a cache: a disk that has no room for it has no room for more important things either. */
  async #save(index: RetentionIndex): Promise<void> {
    try {
      await writeIndex(this.#options.logDir, index);
    } catch (cause) {
      indexNotWritten(this.#options.telemetry, cause);
    }
  }
}

/** A folder full of somebody else's files must not make the index large. */
const MOST_TOLD = 1000;
const NOTHING_DONE: Applied = { done: [], failures: [], aborted: false };
