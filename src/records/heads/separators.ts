const TAB = 9;
const SPACE = 32;
const COMMA = 44;
const DASH = 45;
const COLON = 58;
const SEMICOLON = 59;
const HASH = 35;
const EQUALS = 61;
/** What Erlang's reports end their heads with. */
const REPORT = "===";
const GREATER = 62;
const CLOSE = 93;
const BAR = 124;
const ANGLE = 0x203a;

/** What Spring and its like set names off with. */
export const DASHES = "--- ";

/**
 * Where the separators end that stand at `start`: blanks, bars, colons, commas and dashes between the pieces of a head.
 * Behind a level nothing more is passed behind a dash, for a message may be drawn with spaces.
 */
export function endOfSeparators(text: string, start: number, behindLevel: boolean): number {
  let at = start;
  for (;;) {
    const here = text.charCodeAt(at);
    const atEnd = at + 1 >= text.length;
    const apart = atEnd || text.charCodeAt(at + 1) === SPACE;
    if (here === SPACE || here === TAB || here === BAR || isArrow(here)) at += 1;
    else if (apart && isPause(here) && mayBePassed(text, at, behindLevel)) at += 1;
    else if (here === COLON && text.startsWith(":: ", at)) at += 2;
    else if (here === EQUALS && text.length - at === REPORT.length && text.endsWith(REPORT)) at = text.length;
    else if (
      here === DASH &&
      text.charCodeAt(at + 1) === GREATER &&
      !behindLevel &&
      text.startsWith("-> ", at)
    )
      at += 3;
    else if (here === GREATER && text.startsWith(">> ", at) && mayPoint(text, at)) at += 2;
    else if (here === GREATER && text.startsWith(">>> ", at) && mayPoint(text, at)) at += 3;
    else if (here === DASH && text.startsWith("- - ", at)) return endOfEmpty(text, at);
    else if (apart && (here === DASH || isLongDash(here))) {
      at += atEnd ? 1 : 2;
      if (behindLevel) return text.startsWith(" [", at) ? at + 1 : at;
    } else if (here === DASH && text.startsWith(DASHES, at)) at += DASHES.length;
    else if (here === DASH && text.startsWith("-- ", at)) at += 3;
    else return at;
  }
}

/** Dashes stand for values that a line does not have: `- - -: `. */
function endOfEmpty(text: string, start: number): number {
  let at = start;
  while (text.startsWith("- ", at)) at += 2;
  return text.startsWith("-: ", at) ? at + 3 : at;
}

/** Behind a level a hash may be the message's own, unless one stood before the level. */
function isBefore(text: string, at: number): boolean {
  return text.lastIndexOf(" # ", at - 2) >= 0;
}

/** A hash or an arrow may be the message's own. */
function mayBePassed(text: string, at: number, behindLevel: boolean): boolean {
  if (text.charCodeAt(at) === GREATER) return behindLevel || text.charCodeAt(at - 1) !== SPACE;
  return text.charCodeAt(at) !== HASH || !behindLevel || isBefore(text, at);
}

/** Not behind a bracket, and not where the message ends with arrows too. */
function mayPoint(text: string, at: number): boolean {
  return text.charCodeAt(at - 2) !== CLOSE;
}

/** What a blank follows: `:`, `,`, `;`, `>`, `#`. */
function isPause(code: number): boolean {
  return code === COLON || code === COMMA || code === SEMICOLON || code === GREATER || code === HASH;
}

/** Whether the message may begin with what would be passed as a separator. */
export function isSeparator(code: number): boolean {
  return code <= SPACE || code === DASH || code === BAR || isPause(code) || isArrow(code) || isLongDash(code);
}

/** `–`, `—`. */
function isLongDash(code: number): boolean {
  return code === 0x2013 || code === 0x2014;
}

/** Signs that point at what follows: `›`, `»`, `▶`, `❯`, `│`. */
function isArrow(code: number): boolean {
  return (
    code > 127 && (code === ANGLE || code === 0xbb || code === 0x25b6 || code === 0x276f || code === 0x2502)
  );
}
