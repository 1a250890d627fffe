import { isBlank, isDigit, isLetter } from "../../core/characters.js";
import { copyOf } from "../../core/copy-of.js";
import type { JsonObject } from "../../core/record.js";

const QUOTE = 34;
const APOSTROPHE = 39;
const EQUALS = 61;
const SPACE = 32;
const ZERO = 48;
const MOST_DIGITS = 15;
const LONGEST_KEY = 201;
/** Sticky: a text in quotes, of which some are escaped; up to the next pair. */
const quoted = { [QUOTE]: /"((?:[^"\\]|\\.)*)"(?= |$)/y, [APOSTROPHE]: /'((?:[^'\\]|\\.)*)'(?= |$)/y };
/** Keys whose text some programs write without quotes, up to the next pair: `msg=a trace line order=7`. */
const texts = new Set(["msg", "message", "error", "err", "reason"]);
/** Sticky: words that are no pair. */
const words = /(?:[^\s="]{1,200}(?: +|$)){1,100}/y;
const MOST_PAIRS = 500;

/** A key and its value; a key that stands alone has the value `true`. */
export interface Pair {
  readonly key: string;
  readonly value: unknown;
  readonly alone: boolean;
}

/**
 * The pairs of logfmt (https://brandur.org/logfmt) that all of `text` consists of from `start` on; undefined when something
 * else stands there. Ruby's lograge quotes with apostrophes.
 */
export function readPairs(text: string, start: number): readonly Pair[] | undefined {
  const scan = new PairScan(text, start);
  const pairs: Pair[] = [];
  while (scan.at < text.length) {
    const pair = pairs.length < MOST_PAIRS ? scan.read(pairs.length) : undefined;
    if (pair === undefined) return undefined;
    pairs.push(pair);
  }
  return pairs;
}

/** An object of pairs; of equal keys the last counts. */
export function dataOfPairs(pairs: readonly Pair[]): JsonObject {
  const data: { [key: string]: unknown } = {};
  for (const { key, value } of pairs) {
    // Any other key is set in a third of the time that a list of entries takes.
    if (key === "__proto__") return Object.fromEntries(pairs.map((pair) => [pair.key, pair.value]));
    data[key] = value;
  }
  return data;
}

function isKeyBegin(code: number): boolean {
  return isLetter(code) || code === 64 || code === 95;
}

/** Letters, digits, and `_ @ . / - [ ]`. */
function isKeyPart(code: number): boolean {
  return isKeyBegin(code) || (code >= 45 && code <= 57) || code === 91 || code === 93;
}

/** The keys of the lines before, by their places: a program's lines mostly have the same, and a name that is known already need not be made. */
const usualKeys: string[] = [];
const MOST_USUAL = 32;

/** Reads pair after pair. */
class PairScan {
  /** Where the next pair begins. */
  at: number;
  readonly #text: string;

  constructor(text: string, at: number) {
    this.#text = text;
    this.at = at;
  }

  /** The next pair, the `index`-th of the line; undefined when something else stands there. */
  read(index: number): Pair | undefined {
    const text = this.#text;
    const key = this.#key(index);
    if (key === undefined) return undefined;
    const alone = text.charCodeAt(this.at) !== EQUALS;
    if (!alone) this.at += 1;
    const value = alone ? true : this.#value(key);
    const isBetween = this.at >= text.length || text.charCodeAt(this.at) === SPACE;
    if (value === undefined || !isBetween) return undefined;
    this.at = afterSpaces(text, this.at);
    return { key, value, alone };
  }

  #key(index: number): string | undefined {
    const text = this.#text;
    const { at } = this;
    const usual = usualKeys[index];
    if (usual !== undefined && text.startsWith(usual, at) && !isKeyPart(text.charCodeAt(at + usual.length))) {
      this.at += usual.length;
      return usual;
    }
    if (!isKeyBegin(text.charCodeAt(at))) return undefined;
    let end = at + 1;
    while (isKeyPart(text.charCodeAt(end))) end += 1;
    if (end - at > LONGEST_KEY) return undefined;
    this.at = end;
    const key = text.slice(at, end);
    if (index < MOST_USUAL) usualKeys[index] = copyOf(key);
    return key;
  }

  #value(key: string): unknown {
    const text = this.#text;
    const { at } = this;
    const first = text.charCodeAt(at);
    if (first === QUOTE || first === APOSTROPHE) {
      const said = this.#quoted(first);
      if (said !== undefined) return said;
    }
    let end = at;
    while (isBare(text.charCodeAt(end))) end += 1;
    if (end < text.length && text.charCodeAt(end) !== SPACE) return undefined;
    this.at = end;
    const word = text.slice(at, end);
    const more = word !== "" && texts.has(key) ? wordsAt(text, afterSpaces(text, end)).trimEnd() : "";
    if (more === "") return typed(word);
    this.at = afterSpaces(text, end) + more.length;
    return `${word} ${more}`;
  }

  /** What stands in the quotes that open here, up to the next pair. */
  #quoted(quote: typeof QUOTE | typeof APOSTROPHE): string | undefined {
    const text = this.#text;
    const start = this.at + 1;
    const close = text.indexOf(quote === QUOTE ? '"' : "'", start);
    const simple = close < 0 ? "\\" : text.slice(start, close);
    if (!simple.includes("\\")) {
      if (close + 1 < text.length && text.charCodeAt(close + 1) !== SPACE) return undefined;
      this.at = close + 1;
      return simple;
    }
    const pattern = quoted[quote];
    pattern.lastIndex = this.at;
    const said = pattern.exec(text)?.[1];
    if (said === undefined) return undefined;
    this.at += said.length + 2;
    return unquoted(said);
  }
}

/** Neither blank nor quote, nor the end of the text. */
function isBare(code: number): boolean {
  if (code > QUOTE && code < 0x80) return true;
  return code >= 0 && code !== QUOTE && !isBlank(code);
}

function afterSpaces(text: string, at: number): number {
  let end = at;
  while (text.charCodeAt(end) === SPACE) end += 1;
  return end;
}

function wordsAt(text: string, start: number): string {
  words.lastIndex = start;
  return words.exec(text)?.[0] ?? "";
}

/** Numbers and booleans only where writing them again gives the same text: `007` and long ids stay texts. */
function typed(word: string): unknown {
  if (word === "true") return true;
  if (word === "false") return false;
  const first = word.charCodeAt(0);
  if (first !== 45 && !isDigit(first)) return word;
  const whole = wholeNumber(word);
  if (whole >= 0) return whole;
  const number = Number(word);
  return Number.isFinite(number) && String(number) === word ? number : word;
}

/** Of digits alone, as many as are exact, without a zero before others; else -1. */
function wholeNumber(word: string): number {
  if (word.length > MOST_DIGITS || (word.length > 1 && word.charCodeAt(0) === ZERO)) return -1;
  let number = 0;
  for (let at = 0; at < word.length; at += 1) {
    const code = word.charCodeAt(at);
    if (!isDigit(code)) return -1;
    number = number * 10 + (code - ZERO);
  }
  return number;
}

/** What stood in quotes, without what its escapes are written as. */
export function unquoted(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(/\\(.)/g, (_, escaped: string) => {
    if (escaped === "n") return "\n";
    return escaped === "t" ? "\t" : escaped;
  });
}
