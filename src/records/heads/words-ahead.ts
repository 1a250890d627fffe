import { isCapital, isDigit, isSmall, isWordCharacter } from "../../core/characters.js";

/** Looks at the words behind a place, in the place of patterns that most words do not fit. */

/** Names that may stand before a level. */
export const MOST_NAMES = 3;
const LONGEST_FIRST = 80;
const SPACE = 32;
const COMMA = 44;
const DASH = 45;
const POINT = 46;
const COLON = 58;
const EQUALS = 61;
const GREATER = 62;
const BAR = 124;

/** Whether an equals sign ends the word that begins at `at`. */
export function isKeyAt(text: string, at: number): boolean {
  let end = at + 1;
  while (isWordCharacter(text.charCodeAt(end)) || text.charCodeAt(end) === POINT) end += 1;
  return text.charCodeAt(end) === EQUALS;
}

/**
 * Whether a head may go on with names at `at`: one of the next words has a bracket or a colon behind it, or begins with a
 * capital and goes on with none of the small letters, as levels do.
 */
export function mayBeBeforeLevel(text: string, at: number): boolean {
  let words = 0;
  let before = SPACE;
  for (let here = at; here < text.length; here += 1) {
    const code = text.charCodeAt(here);
    if (code === COLON || code === 91 || code === 40 || code === 60) return true;
    if (isApart(before) && !isApart(code)) {
      // A name has its points within.
      if (before !== POINT || isDigit(code)) words += 1;
      if (words > MOST_NAMES + 1) return false;
      if (isCapital(code) && !isSmall(text.charCodeAt(here + 1))) return true;
    }
    before = code;
  }
  return false;
}

/** A blank, a tab, a bar, a comma or a dash: what may stand between words of a head. */
function isApart(code: number): boolean {
  return (
    code <= SPACE ||
    code === BAR ||
    code === COMMA ||
    code === DASH ||
    code === 62 ||
    code > 0x2000 ||
    code === POINT
  );
}

/** Whether two capitals stand behind the first word and its blanks, as of a level. */
export function mayHaveLevelNext(text: string): boolean {
  let at = text.indexOf(" ");
  if (at < 1 || at > LONGEST_FIRST) return false;
  while (text.charCodeAt(at) === SPACE) at += 1;
  return isCapital(text.charCodeAt(at)) && isCapital(text.charCodeAt(at + 1));
}

/** What a word has in it, or behind it: what the patterns of names need. */
export const HAS = { point: 1, colons: 2, line: 4, end: 8 } as const;

/** One look at a word in the place of patterns that most words don't fit. */
export function lookAtWord(text: string, at: number): number {
  let has = 0;
  let end = at;
  for (; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code <= SPACE) break;
    if (code === POINT) has |= HAS.point;
    else if (code === 40 && isDigit(text.charCodeAt(end + 1))) has |= HAS.line;
    else if (code === COLON) {
      const next = text.charCodeAt(end + 1);
      if (next === COLON) has |= HAS.colons;
      else if (isDigit(next)) has |= HAS.line;
      else if (next === SPACE || end + 1 === text.length) has |= HAS.end;
    }
  }
  if (isDigit(text.charCodeAt(end + 1))) has |= HAS.line;
  if (
    text.startsWith(" - ", end) ||
    text.startsWith(" : ", end) ||
    text.startsWith(" > ", end) ||
    text.startsWith(" >>> ", end)
  )
    has |= HAS.end;
  return has;
}

/** Rust's way to print one. */
const THREAD = "ThreadId(";

/** What may come behind a name: a dash, a bracket, a colon, a thread, a dotted name with a colon, or a place in the source, which has a colon and digits. */
function isNameBefore(text: string, blank: number): boolean {
  const next = text.charCodeAt(blank + 1);
  if (next === DASH || next === COLON || next === GREATER)
    return text.charCodeAt(blank + 2) === SPACE || text.startsWith(">>> ", blank + 1);
  if (next === 91 || next === 40 || text.startsWith(THREAD, blank + 1)) return true;
  if (isDigit(next)) return hasTwoNumbers(text, blank + 1);
  if (isDigit(text.charCodeAt(blank - 1)) && text.startsWith("on ", blank + 1)) return true;
  let dotted = false;
  for (let at = blank + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code <= SPACE) return false;
    if (code === POINT) dotted = true;
    if (code === 123) return true;
    if (code !== COLON) continue;
    const behind = text.charCodeAt(at + 1);
    if (isDigit(behind) || (dotted && behind === SPACE)) return true;
  }
  return false;
}

/** Words that some loggers set before their names. */
function isWordOfPlace(text: string, at: number): boolean {
  return text.startsWith("in ", at) || text.startsWith("from ", at);
}

/** A process and a thread, by their numbers. */
function hasTwoNumbers(text: string, start: number): boolean {
  let at = start;
  while (isDigit(text.charCodeAt(at))) at += 1;
  return text.charCodeAt(at) === SPACE && isDigit(text.charCodeAt(at + 1));
}

/**
 * Whether the word at `at` may be a name behind a level: all of the patterns need a point or a colon in it, or something that sets
 * it off. Most messages begin with a word that has neither.
 */
export function mayBeName(text: string, at: number): boolean {
  if (text.charCodeAt(at - 1) !== SPACE || text.charCodeAt(at - 2) === BAR) return true;
  // Python's `__main__`.
  if (text.charCodeAt(at) === 95) return true;
  for (let end = at; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code === POINT || code === COLON || code === 123) return true;
    if (code <= SPACE)
      return isNameBefore(text, end) || isWordOfPlace(text, at) || text.startsWith(THREAD, at);
  }
  return false;
}
