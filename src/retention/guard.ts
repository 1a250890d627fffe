import { type DiskSpace, usedPercent } from "./disk-space.js";

export interface GuardState {
  readonly disk: DiskSpace;
  readonly highPercent: number;
  readonly targetPercent: number;
  /** Of all files of the log folder. */
  readonly logBytes: number;
  readonly maxSizeBytes: number | undefined;
}

/** From so much on, what nobody may miss goes first. */
const CRITICAL_PERCENT = 95;

/** The percentage that an emergency cleanup has to aim at now; undefined when there is nothing to do. */
export function cleanupTarget(state: GuardState): number | undefined {
  const { disk, highPercent, targetPercent, logBytes, maxSizeBytes } = state;
  if (usedPercent(disk) >= highPercent) return Math.min(targetPercent, highPercent);
  // The disk itself has room: only what is too much of the logs goes.
  return maxSizeBytes !== undefined && logBytes > maxSizeBytes ? 100 : undefined;
}

/** Whether the disk is so full that writing is about to fail. */
export function isCritical(disk: DiskSpace | undefined): boolean {
  return disk !== undefined && usedPercent(disk) >= CRITICAL_PERCENT;
}
