/**
 * Long runs of digits, and of letters and digits, found by looking at one character of several. Over bytes: asking a string
 * that was cut out of another for its characters takes three times as long.
 */

/** In thirteen signs that a card's number has at least, seven in a row begin at a multiple of this. */
const CARD_STEP = 6;
/** Of these seven two may be spaces or dashes between groups. */
const FEWEST_DIGITS = 5;

/** Whether digits that may be a card's number stand there, in groups or not. */
export function hasDigitRun(bytes: Uint8Array, length: number): boolean {
  for (let at = 0; at < length - CARD_STEP; at += CARD_STEP) {
    if (IN_NUMBER[bytes[at] as number] === 0 || IN_NUMBER[bytes[at + CARD_STEP] as number] === 0) continue;
    let digits = 0;
    let next = at;
    for (; next <= at + CARD_STEP && IN_NUMBER[bytes[next] as number] !== 0; next += 1)
      if (IN_NUMBER[bytes[next] as number] === DIGIT) digits += 1;
    if (next > at + CARD_STEP && digits >= FEWEST_DIGITS) return true;
  }
  return false;
}

/** A private key of Bitcoin's has 51 or 52 letters and digits: one of so many in a row stands at each of these places. */
const KEY_LENGTH = 51;
/** Nearly all words end sooner. */
const HALF = 25;
const QUARTER = 12;

/** Whether a run of letters and digits of that length stands there. */
export function hasKeyRun(bytes: Uint8Array, length: number): boolean {
  for (let at = KEY_LENGTH - 1; at < length; at += KEY_LENGTH) {
    if (!isWord(bytes, at) || !goesOn(bytes, at)) continue;
    let start = at;
    while (at - start <= KEY_LENGTH && start > 0 && isWord(bytes, start - 1)) start -= 1;
    let end = at + 1;
    while (end < length && end - start <= KEY_LENGTH + 1 && isWord(bytes, end)) end += 1;
    if (end - start === KEY_LENGTH || end - start === KEY_LENGTH + 1) return true;
  }
  return false;
}

function goesOn(bytes: Uint8Array, at: number): boolean {
  return (
    (isWord(bytes, at - HALF) && isWord(bytes, at - QUARTER)) ||
    (isWord(bytes, at + HALF) && isWord(bytes, at + QUARTER))
  );
}

const DIGIT = 2;
/** Digits, and what stands between their groups. */
const IN_NUMBER = Uint8Array.from({ length: 256 }, (_, code) => {
  if (code >= 48 && code <= 57) return DIGIT;
  return code === 32 || code === 45 ? 1 : 0;
});
const IN_WORD = Uint8Array.from({ length: 256 }, (_, code) =>
  /[A-Za-z\d]/.test(String.fromCharCode(code)) ? 1 : 0,
);

function isWord(bytes: Uint8Array, at: number): boolean {
  return IN_WORD[bytes[at] as number] === 1;
}
