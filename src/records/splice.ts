/** Containers nested deeper than this break jq and Python's json, which also read the files. */
const DEEPEST = 200;
/** Python's json refuses whole numbers of more digits than this. */
const LONGEST_NUMBER = 4300;

const QUOTE = 34;
const BACKSLASH = 92;

/**
 * Whether an app's JSON text may stand in an output file as it is: not nested beyond 200 levels, no number of
 * more than 4,300 digits. Texts too short to be either are passed without looking; of the others only those
 * with very many brackets or very long ones are read through.
 */
export function canSplice(text: string): boolean {
  if (text.length <= 2 * DEEPEST) return true;
  if (text.length <= LONGEST_NUMBER && !hasManyBrackets(text)) return true;
  return isHarmless(text);
}

function hasManyBrackets(text: string): boolean {
  let seen = 0;
  for (const bracket of ["{", "["]) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      seen += 1;
      if (seen > DEEPEST) return true;
    }
  }
  return false;
}

/** One pass over the characters outside strings. */
function isHarmless(text: string): boolean {
  let depth = 0;
  let digits = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
      digits = 0;
    } else if (code >= 48 && code <= 57) {
      digits += 1;
      if (digits > LONGEST_NUMBER) return false;
    } else {
      digits = 0;
      if (code === 123 || code === 91) {
        depth += 1;
        if (depth > DEEPEST) return false;
      } else if (code === 125 || code === 93) {
        depth -= 1;
      }
    }
  }
  return true;
}

/** Index of the quote that ends the string beginning at `start`, or the text's end. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end > 0) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
}
