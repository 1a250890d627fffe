/** Small things that all stages do with bytes. All may read up to 15 bytes behind what they are asked about. */

const PRIME: u64 = 0x9e3779b97f4a7c15;

// @ts-ignore: a decorator of AssemblyScript
@inline
export function mix(hash: u64, value: u64): u64 {
  return rotl(hash ^ value, 29) * PRIME;
}

// @ts-ignore: a decorator of AssemblyScript
@inline
export function hashBytes(start: u64, at: usize, length: usize): u64 {
  if (length <= 8) return mix(start, (length == 0 ? 0 : load<u64>(at) << ((8 - length) << 3)) + length);
  let hash = start;
  let done: usize = 0;
  while (done + 8 < length) {
    hash = mix(hash, load<u64>(at + done));
    done += 8;
  }
  return mix(hash, load<u64>(at + length - 8) + length);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
export function finish(hash: u64): u64 {
  const mixed = (hash ^ (hash >> 32)) * PRIME;
  return mixed ^ (mixed >> 29);
}

export function same(a: usize, b: usize, length: usize): bool {
  let done: usize = 0;
  for (; done + 16 <= length; done += 16) {
    if (i8x16.bitmask(i8x16.eq(v128.load(a + done), v128.load(b + done))) != 0xffff) return false;
  }
  if (done == length) return true;
  const equal = i8x16.bitmask(i8x16.eq(v128.load(a + done), v128.load(b + done)));
  const wanted = (1 << (<i32>(length - done))) - 1;
  return (equal & wanted) == wanted;
}

/** Copies by 16 bytes, so up to 15 bytes behind the copy change too. Gives the place behind it. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function put(to: usize, from: usize, length: usize): usize {
  let done: usize = 0;
  do {
    v128.store(to + done, v128.load(from + done));
    done += 16;
  } while (done < length);
  return to + length;
}

/** One bit for each of 16 bytes that is `code`. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function where(bytes: v128, code: u8): u32 {
  return <u32>i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(code)));
}

// @ts-ignore: a decorator of AssemblyScript
@inline
export function isDigit(code: u32): bool {
  return code - 48 < 10;
}

/** A letter in lower case; signs become other signs. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function lower(code: u32): u32 {
  return code | 0x20;
}

// @ts-ignore: a decorator of AssemblyScript
@inline
export function isLetter(code: u32): bool {
  return lower(code) - 97 < 26;
}
