import { where } from "./bytes";
import { HALVES, TRACES } from "./layout";

/** Bytes that are not ASCII. */
export const HIGH: u32 = 1;
/** What may be a secret: src/records/redact/suspicion.ts has to be asked. */
export const SUSPECT: u32 = 2;
/** A sign that the line may be coloured. */
export const ESCAPE: u32 = 4;
const AT: u32 = 8;
const SLASHES: u32 = 16;

/** Of the line that was scanned last: where its newline stands, and what it holds. */
export let lineEnd: usize = 0;
export let lineFlags: u32 = 0;

/**
 * One pass over a line, 16 bytes at a time: its end, and what would make it one for the long way. Traces of secrets are looked for by three
 * characters at once (Teddy, as Hyperscan and ripgrep have it): each of their two halves is looked up in a table of which groups of traces
 * have such a half at that place; where all six agree on a group, the table of all three is asked. It sees at least what
 * src/records/redact/suspicion.ts sees, which is then asked. False when there is no newline before `end`.
 */
export function scanLine(start: usize, end: usize): bool {
  const low1 = v128.load(HALVES);
  const high1 = v128.load(HALVES + 16);
  const low2 = v128.load(HALVES + 32);
  const high2 = v128.load(HALVES + 48);
  const low3 = v128.load(HALVES + 64);
  const high3 = v128.load(HALVES + 80);
  const nibble = i8x16.splat(15);
  let flags: u32 = 0;
  let before: v128 = i8x16.splat(0);
  let wasWord = false;
  for (let at = start; at < end; at += 16) {
    const bytes = v128.load(at);
    const next = v128.load(at + 1);
    const third = v128.load(at + 2);
    const newlines = where(bytes, 10);
    // What stands behind the newline is another line's.
    const keep: u32 = newlines == 0 ? 0xffff : (newlines & (0 - newlines)) - 1;
    const first = v128.and(
      i8x16.swizzle(low1, v128.and(bytes, nibble)),
      i8x16.swizzle(high1, i8x16.shr_u(bytes, 4)),
    );
    const second = v128.and(
      i8x16.swizzle(low2, v128.and(next, nibble)),
      i8x16.swizzle(high2, i8x16.shr_u(next, 4)),
    );
    const last = v128.and(
      i8x16.swizzle(low3, v128.and(third, nibble)),
      i8x16.swizzle(high3, i8x16.shr_u(third, 4)),
    );
    const all = v128.and(v128.and(first, second), last);
    let candidates = <u32>i8x16.bitmask(i8x16.ne(all, i8x16.splat(0))) & keep;
    while (candidates != 0 && (flags & SUSPECT) == 0) {
      if (isTrace(at + ctz(candidates))) flags |= SUSPECT;
      candidates &= candidates - 1;
    }
    if ((<u32>i8x16.bitmask(bytes) & keep) != 0) flags |= HIGH | SUSPECT;
    const odd = v128.or(
      v128.or(i8x16.eq(bytes, i8x16.splat(0x5c)), i8x16.eq(bytes, i8x16.splat(0x40))),
      i8x16.eq(bytes, i8x16.splat(0x1b)),
    );
    if ((<u32>i8x16.bitmask(odd) & keep) != 0) {
      // Behind a backslash letters may be something else.
      if ((where(bytes, 0x5c) & keep) != 0) flags |= SUSPECT;
      if ((where(bytes, 0x40) & keep) != 0) flags |= AT;
      if ((where(bytes, 0x1b) & keep) != 0) flags |= ESCAPE;
    }
    if ((where(bytes, 0x3a) & where(next, 0x2f) & where(third, 0x2f) & keep) != 0) flags |= SLASHES;
    if (mayHoldCard(before, bytes, keep)) flags |= SUSPECT;
    // In 51 letters and digits, which a key has, there are two such pieces in a row.
    const isWord = isAllWord(bytes);
    if (isWord && wasWord) flags |= SUSPECT;
    wasWord = isWord;
    before = bytes;
    if (newlines != 0) {
      lineEnd = at + ctz(newlines);
      // An address with a password has both.
      if ((flags & AT) != 0 && (flags & SLASHES) != 0) flags |= SUSPECT;
      lineFlags = flags;
      return lineEnd < end;
    }
  }
  return false;
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function isTrace(at: usize): bool {
  const first = <u32>load<u8>(at);
  const second = <u32>load<u8>(at + 1);
  const third = <u32>load<u8>(at + 2);
  const signs = <u32>load<u8>(TRACES + <usize>(((first & 31) << 10) | ((second & 31) << 5) | (third & 31)));
  // By their low five bits `07` is `pw`: a letter has the bit of 0x40 too.
  const letters = ((first & 0x40) >> 6) | ((second & 0x40) >> 5) | ((third & 0x40) >> 4);
  return signs != 0 && (signs & 7 & ~letters) == 0;
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function isAllWord(bytes: v128): bool {
  const letters = i8x16.lt_u(
    i8x16.sub(v128.or(bytes, i8x16.splat(0x20)), i8x16.splat(97)),
    i8x16.splat(26),
  );
  const digits = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(48)), i8x16.splat(10));
  return i8x16.all_true(v128.or(letters, digits));
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function between(bytes: v128, least: u8, count: u8): u32 {
  return <u32>i8x16.bitmask(i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(least)), i8x16.splat(count)));
}

/**
 * Whether a card's first eleven characters end within these 16: four digits, the first of them neither 0 nor 1, a digit, space or dash, four digits,
 * again one of those, a digit; and no digit before it.
 */
// @ts-ignore: a decorator of AssemblyScript
@inline
function mayHoldCard(before: v128, bytes: v128, keep: u32): bool {
  const digits16 = between(bytes, 48, 10);
  if (digits16 == 0) return false;
  const digits = (digits16 << 16) | between(before, 48, 10);
  const parts =
    digits | (where(bytes, 32) << 16) | where(before, 32) | (where(bytes, 45) << 16) | where(before, 45);
  let starts = digits & (digits >> 1) & (digits >> 2) & (digits >> 3) & (parts >> 4) & (digits >> 5);
  if (starts == 0) return false;
  starts &= (digits >> 6) & (digits >> 7) & (digits >> 8) & (parts >> 9) & (digits >> 10);
  if (starts == 0) return false;
  const firsts = (between(bytes, 50, 8) << 16) | between(before, 50, 8);
  starts &= firsts & ~(digits << 1);
  // The last of the eleven must stand before the newline; one that ended 16 bytes earlier was seen then.
  return ((starts << 10) & (keep << 16)) != 0;
}
