import { dirname } from "node:path";
import type { Settings } from "../config/schema.js";
import { readDiskSpace, readFreeBytes } from "../retention/disk-space.js";
import type { StoreOptions } from "../store/options.js";

/** What waits to be written may have of the memory that a container is allowed: as much again is on its way as records and as bytes not synced yet. */
const BUFFER_SHARE = 1 / 8;
const LEAST_BUFFER_BYTES = 1e6;

/**
 * Bytes that may wait in memory: as it is set, or less in a small container. `memoryBytes` is the control group's limit; 0, undefined or more
 * than any machine has where there is none.
 */
export function fittingBuffer(wantedBytes: number, memoryBytes: number | undefined): number {
  if (!memoryBytes) return wantedBytes;
  return Math.min(wantedBytes, Math.max(LEAST_BUFFER_BYTES, Math.floor(memoryBytes * BUFFER_SHARE)));
}

/** What a container may have for ever of a day's records: nobody but the user deletes them. */
const QUOTA_SHARE = 1 / 64;

/** The quota of a day as it is set, or less on a small disk; `sizeBytes`: of the disk, 0 where that is not known. */
export function fittingQuota(wantedBytes: number, sizeBytes: number): number {
  return sizeBytes === 0 ? wantedBytes : Math.min(wantedBytes, Math.floor(sizeBytes * QUOTA_SHARE));
}

/** What one segment may have of the disk: open segments can't be deleted, and must not be what fills it. */
const SEGMENT_SHARE = 1 / 16;
const LEAST_SEGMENT_BYTES = 256 * 1024;
/** What is not committed can't be deleted either. */
const UNCOMMITTED_SHARE = 1 / 32;
/** Twice that, so that it and the checkpoint can be written into the reserve when the disk is full. */
const RESERVE_SHARE = 1 / 16;
const MOST_RESERVE_BYTES = 32 * 1024 * 1024;
/** Of a smaller disk nothing is held back. */
const LEAST_RESERVE_BYTES = 256 * 1024;

type SizesOfDisk = Pick<StoreOptions, "segmentSizeBytes" | "uncommittedLimitBytes" | "reserve">;

/** The size of segments as it is set, or less on a small disk; how much may be uncommitted there, and what is held in reserve. */
export async function fittingSizes({
  logDir,
  segmentSize,
}: Pick<Settings, "logDir" | "segmentSize">): Promise<SizesOfDisk> {
  try {
    // Of the folder that the log folder is going to be made in, at the first start.
    const { sizeBytes } = await readDiskSpace(logDir).catch(() => readDiskSpace(dirname(logDir)));
    if (sizeBytes === 0) return { segmentSizeBytes: segmentSize };
    const fittingBytes = Math.max(LEAST_SEGMENT_BYTES, Math.floor(sizeBytes * SEGMENT_SHARE));
    const segmentSizeBytes = Math.min(segmentSize, fittingBytes);
    const reserveBytes = Math.min(MOST_RESERVE_BYTES, Math.floor(sizeBytes * RESERVE_SHARE));
    if (reserveBytes < LEAST_RESERVE_BYTES) return { segmentSizeBytes };
    return {
      segmentSizeBytes,
      uncommittedLimitBytes: Math.floor(sizeBytes * UNCOMMITTED_SHARE),
      reserve: { sizeBytes: reserveBytes, freeBytes: () => readFreeBytes(logDir) },
    };
  } catch {
    // No `df`, or a folder that has no parent yet: the guard says what is wrong with the disk, if anything is.
    return { segmentSizeBytes: segmentSize };
  }
}
