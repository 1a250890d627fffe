const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const BACKSLASH = 92;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN = 123;
const CLOSE = 125;

/**
 * Walking JSON text by its places, without making values of it. Texts that are cut or broken end the walk early: it
 * never leaves the text, and it never throws.
 */

/** A stretch of a text: from the first character to the one behind the last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Called with the span of a member's key, quotes included, and where its value begins; gives where the value ends. */
export type VisitMember = (key: Span, start: number) => number;

/** Visits the members of the object that begins at `open`; gives the index behind its closing brace. */
export function eachMember(text: string, open: number, visit: VisitMember): number {
  let at = skipSpace(text, open + 1);
  while (text.charCodeAt(at) === QUOTE) {
    const end = endOfString(text, at);
    const colon = skipSpace(text, end);
    at = skipSpace(text, visit({ start: at, end }, skipSpace(text, colon + 1)));
    if (text.charCodeAt(at) !== COMMA) break;
    at = skipSpace(text, at + 1);
  }
  return Math.min(at + 1, text.length);
}

/** Visits where the elements of the array that begins at `open` begin; gives the index behind its closing bracket. */
export function eachElement(text: string, open: number, visit: (start: number) => number): number {
  let at = skipSpace(text, open + 1);
  while (at < text.length && text.charCodeAt(at) !== CLOSE_LIST) {
    at = skipSpace(text, visit(at));
    if (text.charCodeAt(at) !== COMMA) break;
    at = skipSpace(text, at + 1);
  }
  return Math.min(at + 1, text.length);
}

/** Visits what is no object, array or key in the value that begins at `start`, however deep it lies. */
export function eachLeaf(text: string, start: number, visit: (leaf: Span) => void): void {
  const last = endOfValue(text, start);
  let at = start;
  while (at < last) {
    if (isBetween(text.charCodeAt(at))) {
      at += 1;
      continue;
    }
    const end = endOfValue(text, at);
    if (text.charCodeAt(at) !== QUOTE || text.charCodeAt(skipSpace(text, end)) !== COLON)
      visit({ start: at, end });
    at = end;
  }
}

/** The index behind the value that begins at `start`, whatever it is. */
export function endOfValue(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (first === QUOTE) return endOfString(text, start);
  return first === OPEN || first === OPEN_LIST ? endOfNested(text, start) : endOfBare(text, start);
}

/** The index behind the string that begins at `start`, or the text's end. */
export function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end > 0) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end + 1;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
}

/** The string that a span holds, its escapes read; as it stands where they are wrong. */
export function stringAt(text: string, { start, end }: Span): string {
  const inner = text.slice(start + 1, end - 1);
  if (!inner.includes("\\")) return inner;
  try {
    return JSON.parse(`"${inner}"`) as string;
  } catch {
    // Only text that is no JSON has such escapes: then it means what it shows.
    return inner;
  }
}

function endOfNested(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at) - 1;
    else if (code === OPEN || code === OPEN_LIST) depth += 1;
    else if (code === CLOSE || code === CLOSE_LIST) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return text.length;
}

/** Numbers, `true`, `null`: up to what may follow a value. */
function endOfBare(text: string, start: number): number {
  let at = start;
  while (at < text.length && !isBoundary(text.charCodeAt(at))) at += 1;
  return at;
}

/** What stands between leaves: brackets, colons, commas and space. */
function isBetween(code: number): boolean {
  return isBoundary(code) || code === OPEN || code === OPEN_LIST || code === COLON;
}

function isBoundary(code: number): boolean {
  return code === COMMA || code === CLOSE || code === CLOSE_LIST || code <= 32;
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (text.charCodeAt(at) <= 32) at += 1;
  return at;
}
