import type { LogFile } from "./log-file.js";

/** No engine has been seen to write log files faster than this. */
const WRITE_BYTES_PER_MS = 500_000;
/** Times of files come from a clock that ticks this often, or oftener. */
const TICK_MS = 4;

/** How the engine rotates a log, as far as it tells which files it can have removed. */
export interface Rotating {
  /** Size at which the engine begins a new file; undefined when it never does. */
  readonly rotateBytes: number | undefined;
  readonly maxFiles: number;
}

/**
 * Whether the oldest of the files that are there certainly comes right behind one that the engine has removed. `found`: oldest first.
 *
 * A file is removed at the rotation at which it would become the `maxFiles`-th behind the newest. So of the files that were made before that moment,
 * `maxFiles` - 1 have come after it: when all of them are there, none was removed since.
 * With one file each rotation removes the one that was written to; then the next must have been made in less than the time that filling one takes.
 */
export function joins(before: LogFile, found: readonly LogFile[], rotating: Rotating): boolean {
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
export function holdsAllSince(ms: number, found: readonly LogFile[], rotating: Rotating): boolean {
  const { rotateBytes, maxFiles } = rotating;
  const [oldest] = found;
  if (rotateBytes === undefined || oldest === undefined) return true;
  const known = !Number.isNaN(ms) && oldest.madeMs !== Number.POSITIVE_INFINITY;
  // A compressed file was made later than what is in it.
  if (known && !oldest.compressed) return oldest.madeMs <= ms + TICK_MS;
  // None was removed while there are fewer than may be kept, and the newest is not full: then no rotation is under way.
  return found.length < maxFiles && found.at(-1)!.bytes < rotateBytes;
}

/** Whether a file that is gone was certainly the last: one that is full may have been followed by another. */
export function wasLast(file: LogFile, { rotateBytes }: Rotating): boolean {
  return !file.removed || rotateBytes === undefined || file.bytes < rotateBytes;
}
