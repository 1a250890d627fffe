import { isLetter } from "../../core/characters.js";
import type { JsonObject } from "../../core/record.js";

const QUOTE = 34;
const APOSTROPHE = 39;
const EQUALS = 61;
const SPACE = 32;
const LONGEST_KEY = 201;
/** Sticky: a text in quotes, of which some are escaped; up to the next pair. */
const quoted = { [QUOTE]: /"((?:[^"\\]|\\.)*)"(?= |$)/y, [APOSTROPHE]: /'((?:[^'\\]|\\.)*)'(?= |$)/y };
/** Sticky: a text without spaces. */
const bare = /[^\s"]*(?= |$)/y;
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
  const pairs: Pair[] = [];
  let at = start;
  while (at < text.length) {
    const equals = endOfKey(text, at);
    if (equals < 0 || pairs.length === MOST_PAIRS) return undefined;
    const key = text.slice(at, equals);
    const alone = text.charCodeAt(equals) !== EQUALS;
    let end = equals;
    let value: unknown = true;
    if (!alone) {
      const found = valueAt(text, equals + 1, key);
      if (found === undefined) return undefined;
      ({ value, end } = found);
    }
    pairs.push({ key, value, alone });
    if (end < text.length && text.charCodeAt(end) !== SPACE) return undefined;
    while (text.charCodeAt(end) === SPACE) end += 1;
    at = end;
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

/** Where the key ends that stands at `at`: -1 when none does. */
function endOfKey(text: string, at: number): number {
  if (!isKeyBegin(text.charCodeAt(at))) return -1;
  let end = at + 1;
  while (isKeyPart(text.charCodeAt(end))) end += 1;
  return end - at > LONGEST_KEY ? -1 : end;
}

function isKeyBegin(code: number): boolean {
  return isLetter(code) || code === 64 || code === 95;
}

/** Letters, digits, and `_ @ . / - [ ]`. */
function isKeyPart(code: number): boolean {
  return isKeyBegin(code) || (code >= 45 && code <= 57) || code === 91 || code === 93;
}

function valueAt(
  text: string,
  at: number,
  key: string,
): { readonly value: unknown; readonly end: number } | undefined {
  const first = text.charCodeAt(at);
  if (first === QUOTE || first === APOSTROPHE) {
    const pattern = quoted[first];
    pattern.lastIndex = at;
    const said = pattern.exec(text)?.[1];
    if (said !== undefined) return { value: unquoted(said), end: at + said.length + 2 };
  }
  bare.lastIndex = at;
  if (!bare.test(text)) return undefined;
  const end = bare.lastIndex;
  const word = text.slice(at, end);
  const more = word !== "" && texts.has(key) ? wordsAt(text, afterSpaces(text, end)) : "";
  return more === ""
    ? { value: typed(word), end }
    : { value: `${word} ${more.trimEnd()}`, end: afterSpaces(text, end) + more.trimEnd().length };
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
  if (first !== 45 && !(first >= 48 && first <= 57)) return word;
  const number = Number(word);
  return Number.isFinite(number) && String(number) === word ? number : word;
}

/** What stood in quotes, without what its escapes are written as. */
export function unquoted(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(/\\(.)/g, (_, escaped: string) => {
    if (escaped === "n") return "\n";
    return escaped === "t" ? "\t" : escaped;
  });
}
