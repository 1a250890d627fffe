/** Code points from `low` to `high`, both included. */
export type Range = readonly [low: number, high: number];

/** One character out of a set. */
export interface SetNode {
  readonly kind: "set";
  readonly ranges: readonly Range[];
  /** Unicode properties (`\p{Lu}`) that belong to the set too, as V8 writes them. */
  readonly properties: readonly string[];
  readonly negated: boolean;
  readonly ignoreCase: boolean;
}

/**
 * A place between characters. Lines end at \n only, words are of ASCII letters, digits and `_`. `lastEnd` is PCRE's `$`
 * without `m`: the end of the text, and the place before a \n that ends it (pcre2pattern, "Circumflex and dollar").
 */
export type Edge = "textStart" | "textEnd" | "lastEnd" | "lineStart" | "lineEnd" | "word" | "notWord";

/** A regular expression understood. Groups and laziness are gone: only whether it matches is ever asked. */
export type RegexNode =
  | SetNode
  | { readonly kind: "edge"; readonly edge: Edge }
  | { readonly kind: "sequence"; readonly items: readonly RegexNode[] }
  | { readonly kind: "choice"; readonly items: readonly RegexNode[] }
  | { readonly kind: "repeat"; readonly item: RegexNode; readonly least: number; readonly most: number };

/** Why a pattern can't be used, and where in it. Unsupported is what is no mistake, but not to be had here. */
export class PatternError extends Error {
  readonly offset: number;
  readonly isUnsupported: boolean;
  constructor(message: string, offset: number, isUnsupported = false) {
    super(message);
    this.offset = offset;
    this.isUnsupported = isUnsupported;
  }
}

const LAST_POINT = 0x10ffff;
export const NEWLINE: readonly Range[] = [[10, 10]];
const DIGITS: readonly Range[] = [[48, 57]];
const SPACES: readonly Range[] = [
  [9, 13],
  [32, 32],
];
const BLANKS: readonly Range[] = [
  [9, 9],
  [32, 32],
];
const UPPER: readonly Range[] = [[65, 90]];
const LOWER: readonly Range[] = [[97, 122]];
const WORD: readonly Range[] = [...DIGITS, ...UPPER, [95, 95], ...LOWER];

/** PCRE's classes of one letter, ASCII as PCRE reads them unless told otherwise. */
export const CLASSES: Readonly<Record<string, readonly Range[]>> = {
  d: DIGITS,
  s: SPACES,
  w: WORD,
  h: BLANKS,
  v: [[10, 13]],
};

/** POSIX classes, as in `[[:alpha:]]`. */
export const POSIX_CLASSES: Readonly<Record<string, readonly Range[]>> = {
  alnum: [...DIGITS, ...UPPER, ...LOWER],
  alpha: [...UPPER, ...LOWER],
  ascii: [[0, 127]],
  blank: BLANKS,
  cntrl: [
    [0, 31],
    [127, 127],
  ],
  digit: DIGITS,
  graph: [[33, 126]],
  lower: LOWER,
  print: [[32, 126]],
  punct: [
    [33, 47],
    [58, 64],
    [91, 96],
    [123, 126],
  ],
  space: SPACES,
  upper: UPPER,
  word: WORD,
  xdigit: [...DIGITS, [65, 70], [97, 102]],
};

/** All code points outside the ranges. */
export function complement(ranges: readonly Range[]): Range[] {
  const outside: Range[] = [];
  let next = 0;
  for (const [low, high] of [...ranges].sort((a, b) => a[0] - b[0])) {
    if (low > next) outside.push([next, low - 1]);
    next = Math.max(next, high + 1);
  }
  if (next <= LAST_POINT) outside.push([next, LAST_POINT]);
  return outside;
}

/** The one character that a set is, when it is one. */
export function singleLetter(node: RegexNode): string | undefined {
  if (node.kind !== "set" || node.negated || node.properties.length > 0 || node.ranges.length !== 1) return;
  const [low, high] = node.ranges[0]!;
  return low === high ? String.fromCodePoint(low) : undefined;
}

/** The sub-modifiers of `re`, and what `(?ims)` in a pattern sets. */
export interface RegexFlags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
}

/** Where the parser stands; flags change inside groups. */
export interface Reader {
  readonly pattern: string;
  at: number;
  flags: RegexFlags;
}
