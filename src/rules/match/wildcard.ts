import { DASH, DASHES, MANY, ONE, type Token } from "./tokens.js";

/** A test of one text. Insensitive tests expect folded text. */
export type TextTest = (text: string) => boolean;

/** Tokens between two `*`: each takes a fixed number of characters, so a place in the text fits or does not. */
type Segment = readonly Exclude<Token, typeof MANY>[];

/**
 * Compiles tokens into a test of a whole text. The leftmost fit of each segment between two stars leaves most
 * room for the next, so nothing is ever tried again: the time is the text's length times the longest segment,
 * whatever the number of stars. Texts in the tokens must be folded when the test is to ignore case.
 */
export function compileWildcard(tokens: readonly Token[]): TextTest {
  return shortcut(tokens) ?? general(tokens);
}

/** The forms that nearly all rules use, on the engine's own search. */
function shortcut(tokens: readonly Token[]): TextTest | undefined {
  const texts = tokens.filter((token) => typeof token === "string");
  if (tokens.some((token) => token === ONE || token === DASH) || texts.length > 1) return undefined;
  const text = texts[0] ?? "";
  const front = tokens[0] === MANY;
  const behind = tokens[tokens.length - 1] === MANY;
  if (text === "" && front) return () => true;
  if (front && behind) return (subject) => subject.includes(text);
  if (front) return (subject) => subject.endsWith(text);
  if (behind) return (subject) => subject.startsWith(text);
  return (subject) => subject === text;
}

function general(tokens: readonly Token[]): TextTest {
  const segments: Exclude<Token, typeof MANY>[][] = [[]];
  for (const token of tokens) {
    if (token === MANY) segments.push([]);
    else segments[segments.length - 1]!.push(token);
  }
  const first = segments[0]!;
  if (segments.length === 1) return (text) => fitForward(first, text, 0) === text.length;
  const last = segments[segments.length - 1]!;
  const middle = segments.slice(1, -1).filter((segment) => segment.length > 0);
  const finders = middle.map(compileFinder);
  return (text) => {
    let at = fitForward(first, text, 0);
    if (at < 0) return false;
    const end = fitBackward(last, text, text.length);
    if (end < at) return false;
    for (const find of finders) {
      at = find(text, at);
      if (at < 0 || at > end) return false;
    }
    return true;
  };
}

/** Finds the leftmost fit of a segment at or after `from`; gives where the fit ends, or -1. */
function compileFinder(segment: Segment): (text: string, from: number) => number {
  let anchor = -1;
  for (const [at, token] of segment.entries()) {
    if (typeof token === "string" && token.length > (anchor < 0 ? 0 : String(segment[anchor]).length)) {
      anchor = at;
    }
  }
  if (anchor < 0) {
    return (text, from) => {
      for (let at = from; at <= text.length; at += widthAt(text, at)) {
        const end = fitForward(segment, text, at);
        if (end >= 0) return end;
      }
      return -1;
    };
  }
  const needle = segment[anchor] as string;
  const before = segment.slice(0, anchor);
  const after = segment.slice(anchor + 1);
  return (text, from) => {
    for (let at = text.indexOf(needle, from); at >= 0; at = text.indexOf(needle, at + 1)) {
      if (fitBackward(before, text, at) < from) continue;
      const end = fitForward(after, text, at + needle.length);
      if (end >= 0) return end;
    }
    return -1;
  };
}

/** Where the segment ends when it starts at `at`, or -1. */
function fitForward(segment: Segment, text: string, at: number): number {
  let place = at;
  for (const token of segment) {
    if (typeof token === "string") {
      if (!text.startsWith(token, place)) return -1;
      place += token.length;
    } else {
      if (place >= text.length || (token === DASH && !isDash(text[place]!))) return -1;
      place += widthAt(text, place);
    }
  }
  return place;
}

/** Where the segment starts when it ends at `end`, or -1. */
function fitBackward(segment: Segment, text: string, end: number): number {
  let place = end;
  for (let at = segment.length - 1; at >= 0; at--) {
    const token = segment[at]!;
    if (typeof token === "string") {
      place -= token.length;
      if (place < 0 || !text.startsWith(token, place)) return -1;
    } else {
      if (place <= 0) return -1;
      place -= isPair(text, place - 2) ? 2 : 1;
      if (token === DASH && !isDash(text[place]!)) return -1;
    }
  }
  return place;
}

/** A character outside the basic plane is two code units, but one character for `?`. */
function widthAt(text: string, at: number): number {
  return isPair(text, at) ? 2 : 1;
}

function isPair(text: string, at: number): boolean {
  const high = text.charCodeAt(at);
  if (!(high >= 0xd800 && high <= 0xdbff)) return false;
  const low = text.charCodeAt(at + 1);
  return low >= 0xdc00 && low <= 0xdfff;
}

function isDash(letter: string): boolean {
  return (DASHES as readonly string[]).includes(letter);
}
