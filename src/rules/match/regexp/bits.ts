/** The words of a bit set that are not zero. */
export interface SparseBits {
  readonly at: Int32Array;
  readonly bits: Int32Array;
}

/** Sets the bit of one position. */
export function setBit(bits: Int32Array, position: number): void {
  bits[position >> 5]! |= 1 << (position & 31);
}

/** The positions as the non-zero words of a set of so many words. */
export function sparseBits(positions: readonly number[], words: number): SparseBits {
  const all = new Int32Array(words);
  for (const position of positions) setBit(all, position);
  const at = Array.from(all.keys()).filter((word) => all[word] !== 0);
  return { at: Int32Array.from(at), bits: Int32Array.from(at, (word) => all[word]!) };
}

/** Whether the sets have a bit in common. */
export function touches(bits: Int32Array, some: SparseBits): boolean {
  for (let at = 0; at < some.at.length; at++) {
    if ((bits[some.at[at]!]! & some.bits[at]!) !== 0) return true;
  }
  return false;
}

/** Adds the bits of `more` to `bits`. */
export function addBits(bits: Int32Array, more: SparseBits): void {
  for (let at = 0; at < more.at.length; at++) bits[more.at[at]!]! |= more.bits[at]!;
}
