/** What kind of character a code is, in ASCII. NaN, which stands behind a text's end, is of none. */

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

export function isCapital(code: number): boolean {
  return code >= 65 && code <= 90;
}

export function isSmall(code: number): boolean {
  return code >= 97 && code <= 122;
}

/** Digits and `a` to `f`. */
export function isHexadecimal(code: number): boolean {
  return isDigit(code) || (code >= 97 && code <= 102);
}

export function isLetter(code: number): boolean {
  return isSmall(code) || isCapital(code);
}

/** Letters, digits and `_`: what `\w` is in a pattern. */
export function isWordCharacter(code: number): boolean {
  return isSmall(code) || isCapital(code) || isDigit(code) || code === 95;
}

/** What `\s` is in a pattern, beyond ASCII too (ECMA-262, WhiteSpace and LineTerminator). */
export function isBlank(code: number): boolean {
  if (code < 0xa0) return code === 32 || (code >= 9 && code <= 13);
  return BLANKS.has(code) || (code >= 0x2000 && code <= 0x200a);
}

const BLANKS: ReadonlySet<number> = new Set([0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff]);
