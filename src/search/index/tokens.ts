/**
 * The parts of a line's text that an index knows: runs of ASCII's letters, digits and `_` (capitals as small ones), and each two
 * neighbouring letters of other scripts, so that a Korean word is found with the particle behind it. As 32-bit hashes.
 */

/** Of each byte: 0 for what parts words, else the byte that it counts as. */
const FOLDED = new Uint8Array(256);
for (let byte = 0; byte < 256; byte += 1) {
  const isDigit = byte >= 0x30 && byte <= 0x39;
  const isSmall = byte >= 0x61 && byte <= 0x7a;
  const isCapital = byte >= 0x41 && byte <= 0x5a;
  if (isDigit || isSmall || byte === 0x5f) FOLDED[byte] = byte;
  else if (isCapital) FOLDED[byte] = byte + 0x20;
}

/** FNV-1a. */
const BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/** Calls back with the hash of each token. One pass over the bytes, nothing decoded. */
export function eachToken(bytes: Uint8Array, visit: (hash: number) => void): void {
  let hash = BASIS;
  let isInWord = false;
  /** Of the letter before, where it is no ASCII; 0 for none. */
  let letter = 0;
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at]!;
    if (byte < 0x80) {
      const folded = FOLDED[byte]!;
      if (folded !== 0) {
        hash = Math.imul(hash ^ folded, PRIME);
        isInWord = true;
      } else if (isInWord) {
        visit(spread(hash));
        hash = BASIS;
        isInWord = false;
      }
      letter = 0;
      at += 1;
      continue;
    }
    if (isInWord) {
      visit(spread(hash));
      hash = BASIS;
      isInWord = false;
    }
    const end = endOfLetter(bytes, at);
    let next = BASIS;
    for (; at < end; at += 1) next = Math.imul(next ^ bytes[at]!, PRIME);
    if (letter !== 0) visit(spread(Math.imul(letter, PRIME) ^ next));
    letter = next;
  }
  if (isInWord) visit(spread(hash));
}

/** Behind the bytes of UTF-8 that go on with the letter. */
function endOfLetter(bytes: Uint8Array, start: number): number {
  let end = start + 1;
  while (end < bytes.length && (bytes[end]! & 0xc0) === 0x80) end += 1;
  return end;
}

/** All bits of a hash count in all of its bits (the end of MurmurHash3). */
function spread(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
