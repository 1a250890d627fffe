import type { DataFile } from "./data-file.js";
import type { DiskSpace } from "./disk-space.js";
import type { Step } from "./plan.js";
import type { Ratios } from "./ratios.js";
import type { Sacrifice } from "./sacrifice.js";

/** What an emergency cleanup is planned from. */
export interface EmergencyRequest {
  readonly files: readonly DataFile[];
  readonly openPaths: ReadonlySet<string>;
  readonly today: string;
  readonly disk: DiskSpace;
  /** So much of the disk may be in use afterwards. */
  readonly targetPercent: number;
  /** So many bytes all files of the log folder may have afterwards. */
  readonly maxSizeBytes: number | undefined;
  readonly floorDays: number;
  readonly include: ReadonlySet<Sacrifice>;
  readonly ratios: Ratios;
  /** The disk has no room for even one compressed file: some is made first. */
  readonly noRoom: boolean;
  /** Files with which a step failed that would fail again. */
  readonly failed: ReadonlyMap<string, Step>;
}
