import type { Telemetry } from "../telemetry/telemetry.js";
import type { ReserveOptions } from "./reserve.js";

/** What the store needs to know. Sizes in bytes, times in milliseconds. */
export interface StoreOptions {
  readonly logDir: string;
  /** Tells when a date is over (core/calendar.ts): a series of that date is then sealed. */
  readonly calendar: { endOfDateMs(date: string): number };
  readonly segmentSizeBytes: number;
  /** A commit is due after so many records. */
  readonly batchSize: number;
  /** A commit is due at the latest so long after a record was noted. */
  readonly flushIntervalMs: number;
  /** Bytes that may wait in memory before `room` makes readers wait. */
  readonly bufferLimitBytes: number;
  /** Bytes behind the last commit before `room` makes readers wait for the next one; unlimited unless told otherwise. */
  readonly uncommittedLimitBytes?: number;
  /** What is held free on the disk so that a full one can be emptied. */
  readonly reserve?: ReserveOptions;
  /** A staged file is sealed when it has grown past `segmentSizeBytes`, holds so many entries … (default 10,000) */
  readonly stagedMaxEntries?: number;
  /** … or its first entry is so old (default 15 minutes). */
  readonly stagedMaxAgeMs?: number;
  /** How long `close` tries when the disk refuses; then it fails and the next start reads again (default 7,000). */
  readonly closeLimitMs?: number;
  /** Called when the disk is full, and again while it stays full, never twice at once: should free space. */
  readonly onDiskFull?: () => Promise<void>;
  /** Called once when the store cannot go on at all (the lock was taken away, a part's snapshot failed): the process should end. */
  readonly onFatal?: (error: Error) => void;
  readonly telemetry: Telemetry;
}

/** How the store does, for `stats` and readiness. */
export interface StoreStatus {
  readonly openSegments: number;
  readonly stagedFiles: number;
  /** Bytes in memory that the disk does not hold for certain yet. */
  readonly waitingBytes: number;
  readonly commits: number;
  /** Milliseconds since 1970; undefined before the first commit. */
  readonly lastCommitMs: number | undefined;
  readonly lastCommitTookMs: number | undefined;
  readonly diskFull: boolean;
  /** What does not work at the moment and is being tried again; undefined when all is well. */
  readonly failing: string | undefined;
}
