import { endOfString, endOfValue } from "../edit/walk.js";
import type { Find } from "./finding.js";
import { secretNameBefore } from "./name-in-text.js";
import { isSecretName } from "./names.js";

/** What stands between a name and its value; `%3D` in an address that is a parameter of another. */
const SEPARATOR = /[:=]|%3[aAdD]/g;
/** Signs that end no name, nor stand between one and its value. */
const NO_NAME = /[:=,;{}()[<>/&]/;
const MOST_BACKSLASHES = 12;
const FLAG = /--([a-z][\w-]{0,60}) {1,4}(?=[^\s-])/g;

/** Values that say that there is none, or only whether there is one. */
const NOTHING = /^(?:null|none|nil|undefined|true|false|yes|no|\(null\)|<nil>|<none>)$/i;

/**
 * Values of well-known names in text: `password=…`, `token: …`, `"secret": {…}`, `Authorization: Bearer …`, query
 * parameters, `--password …`; in JSON that is cut or stands in other text, too, with its quotes escaped or not.
 */
export const findAssignments: Find = (text, found) => {
  let done = 0;
  for (const { index, 0: sign } of text.matchAll(SEPARATOR)) {
    if (index < done || NO_NAME.test(text.charAt(index - 1))) continue;
    const name = secretNameBefore(text, index);
    if (name === undefined || isFile(text, index - name.length, index)) continue;
    const [start, end] = valueAt(text, index + sign.length, name);
    if (end <= start || NOTHING.test(text.slice(start, Math.min(end, start + 20)))) continue;
    found("name", start, end);
    done = end;
  }
  if (!text.includes("--")) return;
  for (const { index, 0: flag, 1: name = "" } of text.matchAll(FLAG)) {
    if (!isSecretName(name)) continue;
    const [start, end] = valueAt(text, index + flag.length, "");
    found("name", start, end);
  }
};

/** `/run/secrets/db_password: permission denied`: a file's path and what befell it. */
const PATH = /(?:^|[\s"'`(=])(?:\.{0,2}|~)\/[\w./@+-]{0,250}$/;
const LONGEST_PATH = 256;

function isFile(text: string, start: number, end: number): boolean {
  if (text.charAt(start - 1) !== "/" || text.slice(end, end + 2) !== ": ") return false;
  return PATH.test(text.slice(Math.max(0, start - LONGEST_PATH), start));
}

type Stretch = readonly [start: number, end: number];

function valueAt(text: string, from: number, name: string): Stretch {
  const start = skip(text, from, /[\s:=>]/, 8);
  const first = text.charAt(start);
  if (first === "{" || first === "[") return [start, endOfValue(text, start)];
  const quoted = quotedAt(text, start);
  if (quoted !== undefined) return quoted;
  if (/cookie|authorization$/.test(name)) return [start, endOfHeader(text, start, name)];
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

const SCHEME = /(?:bearer|basic|token|apikey|api-key|negotiate|ntlm|bot|jwt) {1,4}/iy;

const SEVERAL = /(?:digest|aws4-hmac-sha256|signature|hawk|oauth) /iy;

/**
 * A header's value goes to the end of its line or quote; credentials of a known scheme are one word, or all up to the
 * line's end. Where a field such as `status=200` follows the first word, that word is all.
 */
function endOfHeader(text: string, start: number, name: string): number {
  SEVERAL.lastIndex = start;
  if (SEVERAL.test(text)) return endAt(LINE_END, text, start);
  SCHEME.lastIndex = start;
  const known = !name.includes("cookie") && SCHEME.test(text);
  const end = endOfBare(text, known ? SCHEME.lastIndex : start);
  NEXT_FIELD.lastIndex = end;
  return known || NEXT_FIELD.test(text) || NOTHING.test(text.slice(start, Math.min(end, start + 20)))
    ? end
    : endAt(HEADER_END, text, start);
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
