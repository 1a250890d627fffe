/**
 * Finds a text in bytes, ASCII's letters in both cases. Two bytes of the text, the rarest, are compared at 16 places at once (the generic
 * SIMD algorithm of W. Muła, as Rust's memchr has it); where both agree, all of them. Memory is laid out by hand.
 */

/** The text, its letters small, and beside each byte what makes a letter of the input small: 0x20, 0 for all other bytes. */
export const TEXT: usize = 0x400;
export const FOLDS: usize = 0x800;
export const MOST_TEXT: i32 = 0x100;
/** Up to 64 + MOST_TEXT bytes behind the input are read, and count for nothing. */
export const INPUT: usize = 0x1000;
export const MOST_INPUT: i32 = 0x2e000;

let length: i32 = 0;
let offsetA: usize = 0;
let offsetB: usize = 0;

/** Tells how long the text is that was put to TEXT and FOLDS, and which two bytes of it are compared first. */
export function setText(bytes: i32, a: i32, b: i32): void {
  length = bytes;
  offsetA = a;
  offsetB = b;
}

/** Where the text stands in the input, from a place on; -1 where it does not. */
export function find(from: i32, end: i32): i32 {
  const byteA = i8x16.splat(load<u8>(TEXT + offsetA));
  const byteB = i8x16.splat(load<u8>(TEXT + offsetB));
  const foldA = i8x16.splat(load<u8>(FOLDS + offsetA));
  const foldB = i8x16.splat(load<u8>(FOLDS + offsetB));
  const last = end - length;
  for (let at = from; at <= last; at += 64) {
    const a = INPUT + at + offsetA;
    const b = INPUT + at + offsetB;
    const hits0 = both(a, b, byteA, byteB, foldA, foldB);
    const hits1 = both(a + 16, b + 16, byteA, byteB, foldA, foldB);
    const hits2 = both(a + 32, b + 32, byteA, byteB, foldA, foldB);
    const hits3 = both(a + 48, b + 48, byteA, byteB, foldA, foldB);
    if (!v128.any_true(v128.or(v128.or(hits0, hits1), v128.or(hits2, hits3)))) continue;
    let hits =
      bits(hits0) | (bits(hits1) << 16) | (bits(hits2) << 32) | (bits(hits3) << 48);
    for (; hits != 0; hits &= hits - 1) {
      const place = at + <i32>ctz(hits);
      if (place > last) return -1;
      if (holdsAt(INPUT + place)) return place;
    }
  }
  return -1;
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function both(a: usize, b: usize, byteA: v128, byteB: v128, foldA: v128, foldB: v128): v128 {
  return v128.and(
    i8x16.eq(v128.or(v128.load(a), foldA), byteA),
    i8x16.eq(v128.or(v128.load(b), foldB), byteB),
  );
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function bits(hits: v128): u64 {
  return <u64>(<u32>i8x16.bitmask(hits));
}

function holdsAt(place: usize): bool {
  for (let at: usize = 0; at < <usize>length; at += 1) {
    if ((load<u8>(place + at) | load<u8>(FOLDS + at)) != load<u8>(TEXT + at)) return false;
  }
  return true;
}
