/** More would cost memory and save little: the files of the busiest series are open all the time. */
const MOST_KEPT = 200;
const LEAST_KEPT = 8;
/** For Node itself, the engine's streams, and what reads and seals files meanwhile. */
const OTHERS = 64;
/** More than the disk's threads, so that files that begin together share one sync of the journal. */
const MOST_MADE = 64;
const LEAST_MADE = 4;

/** How many segments' files stay open, so that with a low limit (`ulimit -n`) half of what is left is free for the making of others. */
export function keptOpen(limit: number | undefined): number {
  if (limit === undefined) return MOST_KEPT;
  return Math.min(MOST_KEPT, Math.max(LEAST_KEPT, Math.floor((limit - OTHERS) / 2)));
}

/** How many files are made at once: each takes up to three handles, its own and those of the folders on the way. */
export function madeAtOnce(limit: number | undefined): number {
  if (limit === undefined) return MOST_MADE;
  return Math.min(MOST_MADE, Math.max(LEAST_MADE, Math.floor((limit - OTHERS) / 6)));
}
