import { eachToken } from "./tokens.js";

/**
 * A Bloom filter in blocks of a cache line: a token's block is chosen by the low bits of its hash, so that one read of 64 bytes answers, and
 * so that a filter is made half as large by laying its halves over each other.
 */
const BLOCK_WORDS = 16;
const BLOCK_BYTES = BLOCK_WORDS * 4;
/** 4 MB while a segment is read; what is kept is as small as its tokens allow. */
const BLOCKS = 2 ** 16;
/** A filter of which more bits are set says yes too often, and each yes costs a part that is read: 4 bits of 0.33 are 1 %. */
const FULLEST = 0.33;

const KNOWN = 4096;

/** Takes the tokens of a segment. */
export class FilterBuilder {
  readonly #words = new Uint32Array(BLOCKS * BLOCK_WORDS);
  /** Tokens seen lately: names of fields come with each line, and the filter is larger than a processor's nearest memory. */
  readonly #known = new Uint32Array(KNOWN);

  add(bytes: Uint8Array): void {
    const known = this.#known;
    eachToken(bytes, (hash) => {
      if (known[hash & (KNOWN - 1)] === hash) return;
      known[hash & (KNOWN - 1)] = hash;
      const base = (hash & (BLOCKS - 1)) * BLOCK_WORDS;
      for (let which = 0; which < BITS; which += 1) {
        const bit = bitOf(hash, which);
        this.#words[base + (bit >>> 5)]! |= 1 << (bit & 31);
      }
    });
  }

  /** The filter, as small as its tokens allow. The builder is empty afterwards. */
  finish(): Uint32Array {
    let words = this.#words.slice();
    this.#words.fill(0);
    this.#known.fill(0);
    for (let half = words.length / 2; half >= BLOCK_WORDS; half /= 2) {
      const folded = words.slice(0, half);
      for (let at = 0; at < half; at += 1) folded[at]! |= words[half + at]!;
      if (fillOf(folded) > FULLEST) break;
      words = folded;
    }
    return words;
  }
}

/**
 * The filters of a segment's parts as bytes, little-endian: the blocks that answer for a token stand side by side, so that one read asks all
 * parts. Smaller filters are laid out twice, or oftener, as large as the largest.
 */
export function joinFilters(filters: readonly Uint32Array[]): Buffer {
  const blocks = Math.max(0, ...filters.map(({ length }) => length / BLOCK_WORDS));
  const bytes = Buffer.alloc(blocks * filters.length * BLOCK_BYTES);
  for (const [part, words] of filters.entries()) {
    for (let block = 0; block < blocks; block += 1) {
      const from = (block * BLOCK_WORDS) % words.length;
      const to = (block * filters.length + part) * BLOCK_BYTES;
      for (let at = 0; at < BLOCK_WORDS; at += 1) bytes.writeUInt32LE(words[from + at]!, to + at * 4);
    }
  }
  return bytes;
}

/** Of each part whether it may hold all of these tokens, by joined filters of so many bytes; `read` gives their bytes at a place. */
export async function partsMayHold(
  hashes: readonly number[],
  { parts, filterBytes }: { readonly parts: number; readonly filterBytes: number },
  read: (at: number, length: number) => Promise<Buffer>,
): Promise<boolean[]> {
  const rowBytes = parts * BLOCK_BYTES;
  const answers = new Array<boolean>(parts).fill(true);
  for (const hash of hashes) {
    const row = await read((hash & (filterBytes / rowBytes - 1)) * rowBytes, rowBytes);
    for (let part = 0; part < parts; part += 1)
      answers[part] &&= holds(row.subarray(part * BLOCK_BYTES), hash);
  }
  return answers;
}

function holds(block: Buffer, hash: number): boolean {
  for (let which = 0; which < BITS; which += 1) {
    const bit = bitOf(hash, which);
    if ((block.readUInt32LE((bit >>> 5) * 4) & (1 << (bit & 31))) === 0) return false;
  }
  return true;
}

const BITS = 4;

/** One of a token's bits in its block of 512: three from the hash once more mixed, one from the bits that chose no block. */
function bitOf(hash: number, which: number): number {
  return which === 0 ? hash >>> 23 : (Math.imul(hash, 0x9e3779b1) >>> (which * 9 - 4)) & 511;
}

function fillOf(words: Uint32Array): number {
  let set = 0;
  for (const word of words) set += popcount(word);
  return set / (words.length * 32);
}

function popcount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
