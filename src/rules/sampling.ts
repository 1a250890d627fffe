import type { LogRecord } from "../core/record.js";

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const RANGE = 2 ** 32;

/**
 * Whether a line is of the share that a rule keeps. Told by the container's name, the engine's time and the stream alone, which
 * stay the same when a line is read again and stand in the files: so `verify` and `replay` can tell it too, and how lines are
 * grouped into events makes no difference. Of two shares the smaller one's lines are all among the larger one's.
 */
export function isKept({ container, ts, stream }: LogRecord, share: number): boolean {
  return hashOf(hashOf(hashOf(FNV_OFFSET, container.name), ts), stream, true) < share * RANGE;
}

/**
 * FNV-1a (draft-eastlake-fnv) over UTF-16 code units, ended by MurmurHash3's finalizer: times that differ in their last digits
 * alone would otherwise have hashes that differ little. From 0 to 2^32 - 1.
 */
function hashOf(start: number, text: string, isLast = false): number {
  let hash = start;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), FNV_PRIME);
  if (!isLast) return Math.imul(hash, FNV_PRIME);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
