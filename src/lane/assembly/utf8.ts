/** UTF-16 code units of the text that was looked at last. */
export let units: u32 = 0;

// @ts-ignore: a decorator of AssemblyScript
@inline
function isTail(code: u32): bool {
  return (code & 0xc0) == 0x80;
}

/**
 * Whether the bytes are UTF-8 (RFC 3629), and hold no U+009B, which colours may begin with. Counts the code units that JavaScript has
 * for them.
 */
export function isPlainUtf8(start: usize, end: usize): bool {
  let at = start;
  let count: u32 = 0;
  while (at < end) {
    if (at + 16 <= end && i8x16.bitmask(v128.load(at)) == 0) {
      at += 16;
      count += 16;
      continue;
    }
    const a = <u32>load<u8>(at);
    if (a < 0x80) {
      at += 1;
      count += 1;
      continue;
    }
    const b = <u32>load<u8>(at + 1);
    if (!isTail(b)) return false;
    if (a < 0xe0) {
      if (a < 0xc2 || (a == 0xc2 && b == 0x9b)) return false;
      at += 2;
      count += 1;
      continue;
    }
    if (!isTail(<u32>load<u8>(at + 2))) return false;
    if (a < 0xf0) {
      // Neither longer than needed nor half of a surrogate pair.
      if ((a == 0xe0 && b < 0xa0) || (a == 0xed && b > 0x9f)) return false;
      at += 3;
      count += 1;
      continue;
    }
    if (a > 0xf4 || (a == 0xf0 && b < 0x90) || (a == 0xf4 && b > 0x8f)) return false;
    if (!isTail(<u32>load<u8>(at + 3))) return false;
    at += 4;
    count += 2;
  }
  units = count;
  return at == end;
}
