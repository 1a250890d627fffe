/** Which samples go where. */
export interface Selection {
  /** Nanoseconds since 1970; earlier samples are left out. */
  readonly sinceNs: bigint | undefined;
  /** The share of samples that goes to the first of two outputs; undefined for one output. */
  readonly share: number | undefined;
}

/**
 * The output of a sample by its time alone: 0 or 1, or -1 for none. So a sample is always on the same side, whatever else is exported
 * with it, and samples of the same nanosecond stay together.
 */
export function outputOf(ts: bigint, { sinceNs, share }: Selection): number {
  if (sinceNs !== undefined && ts < sinceNs) return -1;
  if (share === undefined) return 0;
  return spread(ts) < share ? 0 : 1;
}

/** From 0 to 1, evenly, and unlike its neighbours: the finalizer of MurmurHash3 over both halves. */
function spread(ts: bigint): number {
  const high = Number(BigInt.asUintN(32, ts >> 32n));
  const low = Number(BigInt.asUintN(32, ts));
  return (mix(mix(high) ^ low) >>> 0) / 2 ** 32;
}

function mix(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
