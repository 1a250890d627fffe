import type { LogFile } from "./log-file.js";

/** No engine has been seen to write log files faster than this. */
const WRITE_BYTES_PER_MS = 500_000;
/** Times of files come from a clock that ticks this often, or oftener. */
export const TICK_MS = 4;

/** How the engine rotates a log, as far as it tells which files it can have removed. */
export interface Rotating {
  /** Size at which the engine begins a new file; undefined when it never does. */
  readonly rotateBytes: number | undefined;
  readonly maxFiles: number;
}

/** What can be said of the files of a log; each is a rule of how an engine rotates. */
export interface RotationRules {
  /** Whether the oldest of the files that are there, oldest first, certainly comes right behind one that the engine has removed. */
  readonly joins: (before: LogFile, found: readonly LogFile[], rotating: Rotating) => boolean;
  /** Whether all is there that was printed from a moment on, in milliseconds; NaN for one that is not known. */
  readonly holdsAllSince: (ms: number, found: readonly LogFile[], rotating: Rotating) => boolean;
  /** Whether a file that is gone was certainly the last. */
  readonly wasLast: (file: LogFile, rotating: Rotating) => boolean;
}

/**
 * Whether the oldest of the files that are there certainly comes right behind one that the engine has removed. `found`: oldest first.
 *
 * A file is removed at the rotation at which it would become the `maxFiles`-th behind the newest. So of the files that were made before that moment,
 * `maxFiles` - 1 have come after it: when all of them are there, none was removed since.
 * With one file each rotation removes the one that was written to; then the next must have been made in less than the time that filling one takes.
 */
function joins(before: LogFile, found: readonly LogFile[], rotating: Rotating): boolean {
  if (!before.removed) return false;
  const { rotateBytes = 0 } = rotating;
  const goneMs = before.changedMs;
  // Up to 20.10 there is a second file even where one is to be kept.
  const maxFiles = rotating.maxFiles === 1 && found.length === 2 ? 2 : rotating.maxFiles;
  if (maxFiles > 1) return found.filter(({ madeMs }) => madeMs < goneMs).length === maxFiles - 1;
  const pauseMs = Math.abs(found[0]!.madeMs - goneMs);
  return found.length === 1 && pauseMs + TICK_MS < rotateBytes / WRITE_BYTES_PER_MS;
}

/**
 * Whether all is there that was printed from a moment on, in milliseconds: the engine makes the first file before it says that a container
 * has started. NaN for a moment that is not known.
 */
function holdsAllSince(ms: number, found: readonly LogFile[], rotating: Rotating): boolean {
  const { rotateBytes, maxFiles } = rotating;
  const [oldest] = found;
  if (rotateBytes === undefined || oldest === undefined) return true;
  const made = madeBefore(oldest, ms);
  if (made !== undefined) return made;
  // None was removed while there are fewer than may be kept, and the newest is not full: then no rotation is under way.
  return found.length < maxFiles && found.at(-1)!.bytes < rotateBytes;
}

/** Whether a file that is gone was certainly the last: one that is full may have been followed by another. */
function wasLast(file: LogFile, { rotateBytes }: Rotating): boolean {
  return !file.removed || rotateBytes === undefined || file.bytes < rotateBytes;
}

/** Whether a file was made before a moment, or at it; undefined where one of the two is not known. */
export function madeBefore(file: LogFile, ms: number): boolean | undefined {
  // A compressed file was made later than what is in it.
  if (Number.isNaN(ms) || file.madeMs === Number.POSITIVE_INFINITY || file.compressed) return undefined;
  return file.madeMs <= ms + TICK_MS;
}

/** How Docker Engine rotates json-file logs (moby: daemon/logger/loggerutils/logfile.go). */
export const MOBY: RotationRules = { joins, holdsAllSince, wasLast };
