import { hashBytes, isDigit, mix } from "./bytes";
import { MOST_SLOTS, SLOT_BYTES, TAPE } from "./layout";
import { endOfNumber, endOfString, ESCAPED, flags, REWRITTEN, setFlags, TRAILED, UNUSUAL } from "./scalars";

/** Kinds of values. What is always the same word or empty is a kind of its own, so that the shape tells all about it. */
export const STRING: u32 = 1;
export const NUMBER: u32 = 2;
const TRUE: u32 = 3;
const FALSE: u32 = 4;
const NULL: u32 = 5;
/** A list of numbers, or of other scalars. */
export const NUMBERS: u32 = 6;
const LIST: u32 = 7;
const OBJECT: u32 = 8;
/** The end of an object. */
const UP: u32 = 9;

const DEEPEST: i32 = 8;
const START: u64 = 0xc2b2ae3d27d4eb4f;

/**
 * The tape holds for each value, in their order, four u32: where it begins (strings without their quote), where it ends, where its key
 * begins, and `length of the key | kind << 8 | length of a list << 16 | flags of the value << 24`. All but the flags of the last make
 * up the shape.
 */
export let slots: i32 = 0;
export let shapeHash: u64 = 0;

let kind: u32 = 0;
let count: u32 = 0;

// @ts-ignore: a decorator of AssemblyScript
@inline
function skip(at: usize): usize {
  let next = at;
  while (load<u8>(next) == 32) next++;
  return next;
}

/** Reads the JSON object (RFC 8259) that fills the bytes from `start` to `end`; false for what goes the long way. */
export function walk(start: usize, end: usize): bool {
  let tape: usize = TAPE;
  const limit = TAPE + <usize>(MOST_SLOTS - DEEPEST) * SLOT_BYTES;
  let hash = START;
  let depth = 1;
  let at = skip(start + 1);
  while (true) {
    if (load<u8>(at) != 34) return false;
    const key = at + 1;
    const keyEnd = endOfString(key);
    const keyLength = keyEnd - key;
    if (keyEnd == 0 || flags != 0 || keyLength > 255 || tape > limit) return false;
    at = skip(keyEnd + 1);
    if (load<u8>(at) != 58) return false;
    at = skip(at + 1);
    const opens = load<u8>(at) == 123;
    if (opens) {
      kind = OBJECT;
      count = 0;
      store<u32>(tape, at);
    } else {
      at = value(tape, at);
      if (at == 0) return false;
    }
    const described = <u32>keyLength | (kind << 8) | (count << 16);
    store<u32>(tape + 8, key);
    store<u32>(tape + 12, described | (opens ? 0 : flags << 24));
    tape += SLOT_BYTES;
    hash = mix(hashBytes(hash, key, keyLength), described);
    let sign: u32;
    if (opens) {
      if (++depth > DEEPEST) return false;
      at = skip(at + 1);
      sign = <u32>load<u8>(at);
      if (sign != 125) continue;
    } else {
      at = skip(at);
      sign = <u32>load<u8>(at);
    }
    while (sign == 125) {
      at++;
      hash = mix(hash, UP);
      if (--depth == 0) {
        slots = <i32>((tape - TAPE) / SLOT_BYTES);
        shapeHash = hash;
        return at == end;
      }
      store<u32>(tape + 8, at);
      store<u32>(tape + 12, UP << 8);
      tape += SLOT_BYTES;
      at = skip(at);
      sign = <u32>load<u8>(at);
    }
    if (sign != 44) return false;
    at = skip(at + 1);
  }
  return false;
}

/** Reads a value that is no object: notes where it stands, and gives the place behind it; 0 where none is. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function value(tape: usize, start: usize): usize {
  const code = <u32>load<u8>(start);
  let end: usize;
  count = 0;
  if (code == 34) {
    end = endOfString(start + 1);
    kind = STRING;
    store<u32>(tape, start + 1);
    store<u32>(tape + 4, end);
    return end == 0 ? 0 : end + 1;
  }
  if (code == 91) end = list(start + 1);
  else end = bare(start);
  store<u32>(tape, start);
  store<u32>(tape + 4, end);
  return end;
}

/** The end of a number or a word. */
function bare(start: usize): usize {
  const code = <u32>load<u8>(start);
  if (code == 45 || isDigit(code)) {
    kind = NUMBER;
    return endOfNumber(start);
  }
  setFlags(0);
  const word = load<u32>(start);
  if (word == 0x65757274) {
    kind = TRUE;
    return start + 4;
  }
  if (word == 0x6c6c756e) {
    kind = NULL;
    return start + 4;
  }
  kind = FALSE;
  return word == 0x736c6166 && load<u8>(start + 4) == 101 ? start + 5 : 0;
}

/** The end of a list of scalars. It is unusual when it has spaces or an unusual number: then its text is another than JavaScript's. */
function list(start: usize): usize {
  let seen: u32 = 0;
  let length: u32 = 0;
  let isNumbers = true;
  let at = skip(start);
  if (at != start) seen |= UNUSUAL;
  if (load<u8>(at) != 93) {
    while (true) {
      if (load<u8>(at) == 34) {
        at = endOfString(at + 1) + 1;
        if (at == 1) return 0;
        isNumbers = false;
      } else {
        at = bare(at);
        if (at == 0) return 0;
        if (kind != NUMBER) isNumbers = false;
      }
      seen |= (flags & TRAILED) != 0 ? UNUSUAL : flags;
      if (++length > 255) return 0;
      const behind = skip(at);
      const sign = <u32>load<u8>(behind);
      if (behind != at) seen |= UNUSUAL;
      at = behind;
      if (sign == 93) break;
      if (sign != 44) return 0;
      const next = skip(at + 1);
      if (next != at + 1) seen |= UNUSUAL;
      at = next;
    }
  }
  kind = isNumbers && length > 0 ? NUMBERS : LIST;
  count = length;
  setFlags(seen & (UNUSUAL | ESCAPED | REWRITTEN));
  return at + 1;
}
