import { retentionDone, retentionFailed, targetMissed } from "../telemetry/retention-events.js";
import type { Telemetry } from "../telemetry/telemetry.js";
import type { Applied, ApplyOptions, StepDone, StepFailure } from "./apply.js";
import type { DiskSpace } from "./disk-space.js";
import { type EmergencyPlan, planEmergency } from "./emergency.js";
import { obstacleText } from "./obstacles.js";
import type { FileWork } from "./plan.js";
import { ratiosOf } from "./ratios.js";
import type { CleanupOptions, CleanupReport } from "./report.js";
import type { Snapshot } from "./snapshot.js";

/** What the cleanup needs of retention. */
export interface CleanupParts {
  readonly floorDays: number;
  readonly maxSizeBytes: number | undefined;
  readonly telemetry: Telemetry;
  look(nowMs: number | undefined, save: boolean): Promise<Snapshot>;
  space(): Promise<DiskSpace>;
  apply(
    work: readonly FileWork[],
    snapshot: Snapshot,
    options: Pick<ApplyOptions, "signal" | "onFile" | "goesOn">,
  ): Promise<Applied>;
}

/** More rounds bring nothing: each goes by what the one before has shown. */
const MOST_ROUNDS = 6;

/**
 * Frees as many bytes as are too many at the beginning, and no more: other programs that fill the disk meanwhile must not cost all logs.
 * How well files compress is known only afterwards, so it goes on in rounds.
 */
export class Cleanup {
  readonly #parts: CleanupParts;
  readonly #options: CleanupOptions;
  readonly #done: StepDone[] = [];
  readonly #failures = new Map<string, StepFailure>();
  #freedBytes = 0;
  #noRoom = false;

  constructor(parts: CleanupParts, options: CleanupOptions) {
    this.#parts = parts;
    this.#options = options;
  }

  async run(): Promise<CleanupReport> {
    const { dryRun = false } = this.#options;
    const disk = await this.#parts.space();
    const first = await this.#plan(disk);
    const last = dryRun ? { ...first, aborted: false } : await this.#rounds(disk, first);
    const { needBytes } = first.plan;
    const freedBytes = dryRun ? first.plan.expectedBytes : this.#freedBytes;
    const reached = freedBytes >= needBytes;
    const obstacles = reached ? [] : last.plan.obstacles;
    // That there was no room at first is no failure where there is some now.
    const failures = [...this.#failures.values()].filter(({ noRoom }) => !(reached && noRoom));
    if (!dryRun) {
      const { telemetry } = this.#parts;
      retentionDone(telemetry, "emergency", this.#done);
      retentionFailed(telemetry, failures);
      if (!reached && !last.aborted)
        targetMissed(telemetry, needBytes - freedBytes, obstacles.map(obstacleText));
    }
    return {
      today: first.snapshot.today,
      planned: first.plan.work,
      done: this.#done,
      failures,
      leftAlone: first.snapshot.inventory.leftAlone,
      aborted: last.aborted,
      disk,
      needBytes,
      freedBytes,
      reached,
      obstacles,
    };
  }

  async #rounds(disk: DiskSpace, first: Planned): Promise<Planned & { readonly aborted: boolean }> {
    let planned = first;
    for (let round = 0; round < MOST_ROUNDS && planned.plan.work.length > 0; round++) {
      const leftBytes = first.plan.needBytes - this.#freedBytes;
      const { signal, onFile } = this.#options;
      const goesOn = (freedBytes: number) => freedBytes < leftBytes;
      const applied = await this.#parts.apply(planned.plan.work, planned.snapshot, {
        signal,
        onFile,
        goesOn,
      });
      this.#note(applied);
      planned = await this.#plan(disk);
      if (applied.aborted) return { ...planned, aborted: true };
      if (applied.done.length === 0 && applied.failures.length === 0) break;
    }
    return { ...planned, aborted: false };
  }

  #note({ done, failures }: Applied): void {
    this.#done.push(...done);
    for (const { path, freedBytes } of done) {
      this.#freedBytes += freedBytes;
      this.#failures.delete(path);
    }
    for (const failure of failures) this.#failures.set(failure.path, failure);
    // What others freed may be room enough for the next attempt.
    this.#noRoom = done.length === 0 && failures.some(({ noRoom }) => noRoom);
  }

  async #plan(disk: DiskSpace): Promise<Planned> {
    const { floorDays, maxSizeBytes } = this.#parts;
    const { nowMs, dryRun = false, targetPercent, include = new Set() } = this.#options;
    const snapshot = await this.#parts.look(nowMs, !dryRun);
    const { inventory, openPaths, index, today } = snapshot;
    // What failed for another reason than room would fail again.
    const lasting = [...this.#failures.values()].filter(({ noRoom }) => !noRoom);
    const plan = planEmergency({
      files: inventory.files,
      openPaths,
      today,
      disk: { ...disk, freeBytes: disk.freeBytes + this.#freedBytes },
      targetPercent,
      maxSizeBytes,
      floorDays,
      include,
      ratios: ratiosOf(index.packed),
      noRoom: this.#noRoom,
      failed: new Map(lasting.map(({ path, step }) => [path, step])),
    });
    return { snapshot, plan };
  }
}

interface Planned {
  readonly snapshot: Snapshot;
  readonly plan: EmergencyPlan;
}
