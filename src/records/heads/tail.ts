import { isDigit, isLetter, isWordCharacter } from "../../core/characters.js";
import type { JsonObject } from "../../core/record.js";
import { parseObject } from "../parse.js";
import { dataOfPairs, type Pair, readPairs, unquoted } from "./pairs.js";

/** A message without what its program set off behind it, and the values of that. */
export interface Tail {
  readonly message: string;
  readonly data: JsonObject | undefined;
}

const BRACKET = 91;
/** Longer messages are left as they are. */
const LONGEST = 8_000;

/** Monolog: the context and what was added to it, each an object or an empty list. */
const context = /^(\{.*\}|\[\]) (\{.*\}|\[\])$/;
const object = /[\t ](?=\{["}]|\[\] (?:\{|\[\]$))/;
/** The unified format of TiDB and its like: `["a message"] [key=value] [key="a value"]`; a word stands without quotes. */
const bracketed =
  /^\[(?:"((?:[^"\\]|\\.){1,4000})"|([^\s"=[\]]{1,200}))\]((?: \[(?:[^\s"=[\]]{1,100}|"[^"\\]{1,100}")=(?:"(?:[^"\\]|\\.){0,4000}"|[^\]"]{0,1000})\]){0,50})$/;
const bracketedPair = /\[(?:([^\s"=[\]]+)|"([^"\\]+)")=(?:"((?:[^"\\]|\\.)*)"|([^\]"]*))\]/g;
const blank = /\s/;
const LONGEST_KEY = 81;
/** Blanks that line a pair up. */
const FEWEST_BLANKS = 2;
const MOST_BLANKS = 64;
/** rich: a place in the source, at the right edge. */
const place = /^[\w./-]{1,200}\.[A-Za-z]{1,5}:\d{1,7} {0,40}$/;

/**
 * Values that stand behind a message: an object of JSON, or pairs that are lined up. Pairs that stand right behind
 * the last word may be words of the sentence: they stay in the message, and count as values besides.
 */
export function readTail(text: string): Tail {
  const message = text.trimEnd();
  if (message.length > LONGEST) return { message, data: undefined };
  const last = message.charCodeAt(message.length - 1);
  if (last === 125 || last === 93) {
    const found = bracketedTail(message) ?? objectTail(message);
    if (found !== undefined) return found;
  }
  const found = message.includes("=") ? pairTail(message) : undefined;
  return found ?? placeTail(message);
}

function objectTail(message: string): Tail | undefined {
  const at = message.search(object);
  if (at < 0) return undefined;
  const text = message.slice(at + 1);
  const both = context.exec(text);
  const parts = both === null ? [text] : both.slice(1).filter((part) => part !== "[]");
  let data: JsonObject | undefined;
  for (const part of parts) {
    const parsed = parseObject(part);
    if (parsed === undefined) return undefined;
    data = { ...parsed.data, ...data };
  }
  const before = message.slice(0, at).trimEnd();
  return { message: before.endsWith(" |") ? before.slice(0, -2).trimEnd() : before, data };
}

function bracketedTail(text: string): Tail | undefined {
  const found = text.charCodeAt(0) === BRACKET ? bracketed.exec(text) : null;
  if (found === null) return undefined;
  const { 1: quoted, 2: word = "", 3: pairs = "" } = found;
  if (quoted === undefined && pairs === "") return undefined;
  const data: { [key: string]: string } = {};
  for (const [, key, quotedKey = "", said, bare = ""] of pairs.matchAll(bracketedPair))
    data[key ?? quotedKey] = said === undefined ? bare : unquoted(said);
  return { message: quoted === undefined ? word : unquoted(quoted), data: pairs === "" ? undefined : data };
}

function pairTail(message: string): Tail | undefined {
  const { lined, any } = firstPairs(message);
  const at = lined ?? any;
  if (at === undefined) return undefined;
  const pairs = readPairs(message, at);
  if (pairs === undefined || pairs.some(isProse)) return undefined;
  const end = lined === undefined ? message.length : lined - blanksBefore(message, lined);
  return { message: message.slice(0, end), data: dataOfPairs(pairs) };
}

/** Where the first pair stands that blanks line up, and where the first of all. */
function firstPairs(message: string): {
  readonly lined: number | undefined;
  readonly any: number | undefined;
} {
  let any: number | undefined;
  for (let equals = message.indexOf("="); equals >= 0; equals = message.indexOf("=", equals + 1)) {
    let key = equals;
    while (equals - key <= LONGEST_KEY && isKeyPart(message.charCodeAt(key - 1))) key -= 1;
    if (!isPairAt(message, key, equals)) continue;
    any ??= key;
    const blanks = blanksBefore(message, key);
    if (blanks >= FEWEST_BLANKS && blanks <= MOST_BLANKS) return { lined: key, any };
  }
  return { lined: undefined, any };
}

function isPairAt(message: string, key: number, equals: number): boolean {
  const first = message.charCodeAt(key);
  if (equals === key || equals - key > LONGEST_KEY || key === 0) return false;
  return (isLetter(first) || first === 95 || first === 64) && blank.test(message.charAt(key - 1));
}

function blanksBefore(message: string, at: number): number {
  let start = at;
  while (message.charCodeAt(start - 1) === 32) start -= 1;
  return at - start;
}

/** Letters, digits, `_`, and the signs that keys have within. */
function isKeyPart(code: number): boolean {
  return isWordCharacter(code) || (code >= 45 && code <= 47) || code === 64;
}

/** A word between pairs, or a list with commas. */
function isProse({ alone, value }: Pair): boolean {
  return alone || (typeof value === "string" && value.endsWith(","));
}

function placeTail(message: string): Tail {
  // Such a place ends with digits behind a colon.
  let colon = message.length - 1;
  while (isDigit(message.charCodeAt(colon))) colon -= 1;
  const gap = colon < message.length - 1 && message.charCodeAt(colon) === 58 ? message.lastIndexOf("  ") : -1;
  const source = gap > 0 ? message.slice(gap + 2) : "";
  if (!place.test(source)) return { message, data: undefined };
  return { message: message.slice(0, gap).trimEnd(), data: { source: source.trimEnd() } };
}
