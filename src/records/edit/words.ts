const WORD = /[\p{L}\p{N}_]/u;

/** Words for `hideWords`: the longest is looked for first, since it may hold others. */
export function longestFirst(words: Iterable<string>): readonly string[] {
  return [...words].filter((word) => word !== "").sort((a, b) => b.length - a.length);
}

/**
 * A text with other words in place of some (`longestFirst`): only where they stand alone, so that hiding `1` leaves `10`
 * as it is.
 */
export function hideWords(text: string, words: readonly string[], instead: string): string {
  let out = text;
  for (const word of words) out = hideWord(out, word, instead);
  return out;
}

function hideWord(text: string, word: string, instead: string): string {
  let found = text.indexOf(word);
  if (found < 0) return text;
  let out = "";
  let done = 0;
  while (found >= 0) {
    const end = found + word.length;
    if (standsAlone(text, found, end)) {
      out += text.slice(done, found) + instead;
      done = end;
      found = text.indexOf(word, end);
    } else found = text.indexOf(word, found + 1);
  }
  return out + text.slice(done);
}

function standsAlone(text: string, start: number, end: number): boolean {
  return !(joined(text, start - 1) && joined(text, start)) && !(joined(text, end - 1) && joined(text, end));
}

function joined(text: string, at: number): boolean {
  return at >= 0 && at < text.length && WORD.test(text.charAt(at));
}
