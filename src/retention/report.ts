import type { StepDone, StepFailure } from "./apply.js";
import type { LeftAlone } from "./data-file.js";
import type { DiskSpace } from "./disk-space.js";
import type { Obstacle } from "./obstacles.js";
import type { FileWork } from "./plan.js";
import type { Sacrifice } from "./sacrifice.js";
import type { Waiting } from "./second-look.js";

export interface RunOptions {
  /** By schedule: what is more than a day's worth of deletions waits for a second look; with what the run before left waiting. */
  readonly secondLook?: { readonly former: Waiting | undefined } | undefined;
  /** Milliseconds since 1970; now unless told otherwise. */
  readonly nowMs?: number | undefined;
  /** Plans and does nothing. */
  readonly dryRun?: boolean | undefined;
  /** Ends the run: no step is begun any more, and what is being compressed stays plain. */
  readonly signal?: AbortSignal | undefined;
  /** Told after each file. */
  readonly onFile?: ((done: number, all: number, path: string) => void) | undefined;
}

/** What a run did, or in a dry run what it would do. */
export interface RetentionReport {
  /** The date from which ages were counted. */
  readonly today: string;
  readonly planned: readonly FileWork[];
  readonly done: readonly StepDone[];
  readonly failures: readonly StepFailure[];
  readonly leftAlone: readonly LeftAlone[];
  /** Files that are due, but that the store may still write to: they wait until they are sealed. */
  readonly openFiles: number;
  /** What of the plan waits for a second look. */
  readonly waiting?: Waiting | undefined;
  /** It was told to stop before the end. */
  readonly aborted: boolean;
}

export interface CleanupOptions extends RunOptions {
  /** So much of the disk may be in use afterwards. */
  readonly targetPercent: number;
  readonly include?: ReadonlySet<Sacrifice> | undefined;
}

/** Of open files its obstacles tell. */
export interface CleanupReport extends Omit<RetentionReport, "openFiles"> {
  /** Before it began. */
  readonly disk: DiskSpace;
  /** What had to go, and what went; in a dry run what would go, as far as can be told. */
  readonly needBytes: number;
  readonly freedBytes: number;
  readonly reached: boolean;
  /** What stands in the way where it was not reached. */
  readonly obstacles: readonly Obstacle[];
}
