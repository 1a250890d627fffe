import { madeBefore, type RotationRules, TICK_MS } from "./joins.js";

/** It was seen to write 626,000 (200-byte lines, 2 cores); more than three times that is no k8s-file written. */
const WRITE_BYTES_PER_MS = 2_000_000;

/**
 * How conmon rotates a k8s-file (src/ctr_logging.c, reopen_k8s_file): it makes `ctr.log.tmp` and renames it to `ctr.log`, over the full one.
 * Where it keeps full ones, as 2.2 can, they have the names that Docker Engine gives.
 */
export const CONMON: RotationRules = {
  /**
   * The next file is made right before the one before it is removed, any other behind that. Both moments are known to the tick of a clock,
   * which tells them apart unless a whole file can be filled in one.
   */
  joins(before, found) {
    const [next, ...more] = found;
    if (!before.removed || next === undefined || more.length > 0) return false;
    return next.madeMs <= before.changedMs && before.bytes > TICK_MS * WRITE_BYTES_PER_MS;
  },

  /** That it is rotated at all can stand in Podman's own settings, which nobody tells. */
  holdsAllSince(ms, found, { rotateBytes }) {
    const [oldest] = found;
    return oldest === undefined || (madeBefore(oldest, ms) ?? rotateBytes === undefined);
  },

  wasLast(file, { rotateBytes }) {
    return !file.removed || rotateBytes === undefined || file.bytes < rotateBytes;
  },
};
