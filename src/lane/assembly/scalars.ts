import { isDigit, where } from "./bytes";

/** What was found out about the value that was read last. */
export let flags: u32 = 0;

export function setFlags(found: u32): void {
  flags = found;
}

/** A number that JavaScript would write otherwise, or might round. */
export const UNUSUAL: u32 = 1;
/** A number with zeros at the end of its fraction, which JavaScript would leave out, and nothing else unusual. */
export const TRAILED: u32 = 8;
/** A string with escapes that JSON.stringify writes the same way. */
export const ESCAPED: u32 = 2;
/** A string with escapes that it does not write so. */
export const REWRITTEN: u32 = 4;

/**
 * The closing quote of a string whose first character stands at `start`; 0 where there is none, and where a control character or an
 * escape of a code point stands within it.
 */
export function endOfString(start: usize): usize {
  flags = 0;
  let at = start;
  while (true) {
    const bytes = v128.load(at);
    const found = <u32>(
      i8x16.bitmask(
        v128.or(
          v128.or(i8x16.eq(bytes, i8x16.splat(34)), i8x16.eq(bytes, i8x16.splat(92))),
          i8x16.lt_u(bytes, i8x16.splat(32)),
        ),
      )
    );
    if (found == 0) {
      at += 16;
      continue;
    }
    at += ctz(found);
    const code = <u32>load<u8>(at);
    if (code == 34) return at;
    if (code != 92) return 0;
    switch (<u32>load<u8>(at + 1)) {
      case 0x22:
      case 0x5c:
      case 0x62:
      case 0x66:
      case 0x6e:
      case 0x72:
      case 0x74:
        flags |= ESCAPED;
        break;
      case 0x2f:
        flags |= REWRITTEN;
        break;
      default:
        return 0;
    }
    at += 2;
  }
  return 0;
}

/**
 * The end of a number (RFC 8259, section 6); 0 where none stands. It is as JavaScript writes it, but for zeros at the end of its fraction,
 * when it has no exponent, no more than 15 digits and is not too small for that form: then it is also read without rounding.
 */
export function endOfNumber(start: usize): usize {
  let at = start;
  let code = <u32>load<u8>(at);
  let unusual = false;
  let trailed: u32 = 0;
  const isNegative = code == 45;
  if (isNegative) code = <u32>load<u8>(++at);
  if (!isDigit(code)) return 0;
  const first = at;
  const isBelowOne = code == 48;
  if (isBelowOne) {
    code = <u32>load<u8>(++at);
    if (isDigit(code)) return 0;
  } else {
    do {
      code = <u32>load<u8>(++at);
    } while (isDigit(code));
  }
  let digits = at - first;
  if (code == 46) {
    const fraction = ++at;
    code = <u32>load<u8>(at);
    if (!isDigit(code)) return 0;
    while (code == 48) code = <u32>load<u8>(++at);
    const zeros = at - fraction;
    while (isDigit(code)) code = <u32>load<u8>(++at);
    if (load<u8>(at - 1) == 48) trailed = TRAILED;
    if (isBelowOne && (zeros > 5 || (isNegative && zeros == at - fraction))) unusual = true;
    digits += at - fraction;
  } else if (isBelowOne && isNegative) unusual = true;
  if (code == 101 || code == 69) {
    unusual = true;
    code = <u32>load<u8>(++at);
    if (code == 43 || code == 45) code = <u32>load<u8>(++at);
    if (!isDigit(code)) return 0;
    do {
      code = <u32>load<u8>(++at);
    } while (isDigit(code));
  }
  flags = unusual || digits > 15 ? UNUSUAL : trailed;
  return at;
}

/** One bit for each of 16 bytes that a letter, in lower case, may be. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function whereLetter(bytes: v128, code: u8): u32 {
  return code - 97 < 26 ? where(v128.or(bytes, i8x16.splat(0x20)), code) : where(bytes, code);
}
