import { endOfString, endOfValue } from "../edit/walk.js";

/** A stretch of a text that is a value, without its quotes. */
export type Stretch = readonly [start: number, end: number];

const MOST_BACKSLASHES = 12;
/** Words of a wallet's phrase, which have spaces between. */
const PHRASE = /[a-z]{3,8}(?:[ ,]{1,2}[a-z]{3,8}){5,24}(?![a-z])/y;

/** Values that say that there is none, or only whether there is one. */
const NOTHING = /^(?:null|none|nil|undefined|true|false|yes|no|\(null\)|<nil>|<none>)$/i;

/** Whether nothing stands there, or a word for nothing. */
export function isNothing(text: string, start: number, end: number): boolean {
  return end <= start || NOTHING.test(text.slice(start, Math.min(end, start + 20)));
}

/**
 * The value that stands behind a name and its separator: an object or a list, what is in quotes, of a header all of it, of
 * a wallet's phrase all its words, else up to the next space or sign.
 */
export function valueAt(text: string, from: number, name: string): Stretch {
  const start = skip(text, from, /[\s:=>]/, 8);
  const first = text.charAt(start);
  if (first === "{" || first === "[") return [start, endOfValue(text, start)];
  const quoted = quotedAt(text, start);
  if (quoted !== undefined) return quoted;
  if (/(?:mnemonic|phrase)$/i.test(name)) {
    PHRASE.lastIndex = start;
    if (PHRASE.test(text)) return [start, PHRASE.lastIndex];
  }
  if (/cookie|authorization$/i.test(name)) return [start, endOfHeader(text, start, name)];
  return [start, endOfBare(text, start)];
}

function skip(text: string, from: number, what: RegExp, most: number): number {
  let at = from;
  while (at - from < most && text.charAt(at) !== "\n" && what.test(text.charAt(at))) at += 1;
  return at;
}

/** What stands between quotes, which may have backslashes before them: those that close have as many. */
function quotedAt(text: string, start: number): Stretch | undefined {
  const quoteAt = skip(text, start, /\\/, MOST_BACKSLASHES);
  const quote = text.charAt(quoteAt);
  if (quote !== '"' && quote !== "'" && quote !== "`") return undefined;
  const inner = quoteAt + 1;
  if (quoteAt > start) {
    const closing = text.indexOf(text.slice(start, inner), inner);
    return [inner, closing < 0 ? text.length : closing];
  }
  if (quote === '"') {
    const end = endOfString(text, start);
    return [inner, text.charAt(end - 1) === quote && end > inner ? end - 1 : end];
  }
  return [inner, endOfOtherQuote(text, inner, quote)];
}

function endOfOtherQuote(text: string, inner: number, quote: string): number {
  for (let end = text.indexOf(quote, inner); end >= 0; end = text.indexOf(quote, end + 1)) {
    if (text.charAt(end - 1) !== "\\") return end;
  }
  return text.length;
}

/** Credentials of these schemes are one word. */
const SCHEME = /(?:bearer|basic|token|apikey|api-key|negotiate|ntlm|bot|jwt) {1,4}/iy;

/** And of these several, up to the line's end. */
const SEVERAL = /(?:digest|aws4-hmac-sha256|signature|hawk|oauth) /iy;

/**
 * A header's value goes to the end of its line or quote; credentials of a known scheme are one word, or all up to the
 * line's end. Where a field such as `status=200` follows the first word, that word is all.
 */
function endOfHeader(text: string, start: number, name: string): number {
  SEVERAL.lastIndex = start;
  if (SEVERAL.test(text)) return endAt(LINE_END, text, start);
  SCHEME.lastIndex = start;
  const known = !/cookie/i.test(name) && SCHEME.test(text);
  const end = endOfBare(text, known ? SCHEME.lastIndex : start);
  NEXT_FIELD.lastIndex = end;
  return known || NEXT_FIELD.test(text) || isNothing(text, start, end) ? end : endAt(HEADER_END, text, start);
}

function endAt(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start;
  return pattern.exec(text)?.index ?? text.length;
}

const NEXT_FIELD = / [\w.-]{1,64}=/y;
const LINE_END = /[\r\n]|\\[nr]|$/g;
const HEADER_END = /[\r\n"'`]|\\[nr"']|$/g;
/** Where a value without quotes may end; what some of these need behind them to be an end is in `isEnd`. */
const MAY_END = /[\s"'`&;,)}\]>]|<\/|\\["'nrt]|%26|%22|$/g;
/** `b'…'`, `SecretStr('…')`. */
const QUOTE_PREFIX = /^(?:[A-Za-z]{1,2}|[\w.]*\()$/;
const NEXT_NAME = /[&;,]\s?[\w.%-]{1,64}=/y;

/** The end of a value without quotes: white space, or a sign that another value or the end of a list follows. */
function endOfBare(text: string, start: number): number {
  MAY_END.lastIndex = start;
  for (let match = MAY_END.exec(text); match !== null; match = MAY_END.exec(text)) {
    const { index } = match;
    const sign = match[0];
    // `password=b'…'`, `Secret("…")`: the quoted part is the value.
    if ((sign === '"' || sign === "'") && QUOTE_PREFIX.test(text.slice(Math.max(start, index - 40), index))) {
      return Math.min((quotedAt(text, index)?.[1] ?? text.length) + 1, text.length);
    }
    if (isEnd(text, index, sign)) return index;
  }
  return text.length;
}

function isEnd(text: string, at: number, sign: string): boolean {
  if (!/[&;,)}\]>]/.test(sign)) return true;
  NEXT_NAME.lastIndex = at;
  return /[\s"'`<)}\],;]|^$/.test(text.charAt(at + 1)) || NEXT_NAME.test(text);
}
