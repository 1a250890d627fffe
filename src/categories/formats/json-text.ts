import { randomUUID } from "node:crypto";

/**
 * JSON text (RFC 8259), written by hand where records pass by and by JSON.stringify where a text has something to escape.
 */

/** What JSON.stringify escapes: quotes, backslashes, control characters and lone halves of surrogate pairs (whole pairs just take the slow way). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what JSON must escape
const NEEDS_ESCAPE = /["\\\u0000-\u001f\ud800-\udfff]/;

/** Of these, all but quotes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what JSON must escape
const NEEDS_MORE = /[\\\u0000-\u001f\ud800-\udfff]/;

/** A JSON string. */
export function quoteJson(text: string): string {
  return `"${escapeJson(text)}"`;
}

/**
 * What stands in a JSON string between its quotes. Most texts have nothing to escape, and a test for that is cheaper than JSON.stringify; so are
 * quotes alone, of which access lines have six.
 */
export function escapeJson(text: string): string {
  if (!NEEDS_ESCAPE.test(text)) return text;
  return NEEDS_MORE.test(text)
    ? withoutLoneSurrogates(JSON.stringify(text)).slice(1, -1)
    : withEscapedQuotes(text);
}

function withEscapedQuotes(text: string): string {
  let escaped = "";
  let from = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) {
    escaped += `${text.substring(from, at)}\\"`;
    from = at + 1;
  }
  return escaped + text.substring(from);
}

const MAY_BE_SURROGATE = /\\u[dD][89a-fA-F]/;
/** One escape of JSON text; the first group is a surrogate pair, the second half of one. */
const ESCAPE =
  /\\(?:(u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2})|(u[dD][89a-fA-F][\da-fA-F]{2})|.)/gs;

/**
 * The same JSON text, with `\ufffd` for each escape that is half of a surrogate pair without its other half. An app that cuts a text
 * within an emoji writes such escapes; they are JSON after its grammar, but jq (1.6) stops reading the file there.
 */
export function withoutLoneSurrogates(json: string): string {
  // Most texts have no backslash at all, and looking for one character is several times as fast as looking for two.
  if (!json.includes("\\") || !MAY_BE_SURROGATE.test(json)) return json;
  return json.replace(ESCAPE, (whole, _pair, half) => (half === undefined ? whole : "\\ufffd"));
}

interface Open {
  readonly value: readonly unknown[] | Readonly<Record<string, unknown>>;
  /** Of an object; an array has none. */
  readonly keys: readonly string[] | undefined;
  readonly length: number;
  next: number;
}

/**
 * JSON text of a value that was read from JSON, without its limits: it does not recurse, however deep the value is; bigints are
 * written as digits, infinities as `1e400` (which JSON.parse and Python's json read as infinity), and -0 keeps its sign.
 * What JSON has no text for (`undefined`, functions, NaN) becomes null.
 */
export function jsonText(value: unknown): string {
  if (typeof value !== "object" || value === null) return scalarText(value);
  let out = "";
  const stack = [open(value)];
  out += Array.isArray(value) ? "[" : "{";
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    if (top.next === top.length) {
      out += top.keys === undefined ? "]" : "}";
      stack.pop();
      continue;
    }
    if (top.next > 0) out += ",";
    const child = childOf(top);
    if (top.keys !== undefined) out += `${quoteJson(top.keys[top.next]!)}:`;
    top.next += 1;
    if (typeof child === "object" && child !== null) {
      out += Array.isArray(child) ? "[" : "{";
      stack.push(open(child));
    } else {
      out += scalarText(child);
    }
  }
  return out;
}

function open(value: object): Open {
  if (Array.isArray(value)) return { value, keys: undefined, length: value.length, next: 0 };
  const keys = Object.keys(value);
  return { value: value as Record<string, unknown>, keys, length: keys.length, next: 0 };
}

function childOf({ value, keys, next }: Open): unknown {
  return keys === undefined
    ? (value as readonly unknown[])[next]
    : (value as Record<string, unknown>)[keys[next]!];
}

function scalarText(value: unknown): string {
  switch (typeof value) {
    case "string":
      return quoteJson(value);
    case "number":
      return numberText(value);
    case "bigint":
    case "boolean":
      return String(value);
    default:
      return "null";
  }
}

function numberText(value: number): string {
  // A comparison instead of a call for nearly all numbers.
  if (value > 0 && value < Infinity) return String(value);
  if (Number.isFinite(value)) return Object.is(value, -0) ? "-0.0" : String(value);
  if (Number.isNaN(value)) return "null";
  return value > 0 ? "1e400" : "-1e400";
}

/** A string or a number: the alternatives come in the order in which JSON text can hold them, so no number inside a string is seen. */
const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const LONG_INTEGER = /^-?\d{16,}$/;
const MAY_HOLD_LONG_INTEGER = /\d{16}/;
/** Stands before the digits of a long integer on its way through JSON.parse. Random, so that no app can print it. */
const MARK = `${randomUUID()}:`;

/**
 * Reads JSON text as JSON.parse does, but integers beyond 2^53 become bigints with all their digits, where JSON.parse
 * would round them: an order number of 19 digits is not a measurement.
 */
export function parseExactly(text: string): unknown {
  if (!MAY_HOLD_LONG_INTEGER.test(text)) return JSON.parse(text);
  const marked = text.replace(STRING_OR_NUMBER, (token) =>
    LONG_INTEGER.test(token) && !Number.isSafeInteger(Number(token)) ? `"${MARK}${token}"` : token,
  );
  return marked === text ? JSON.parse(text) : revive(JSON.parse(marked));
}

/** Puts bigints in the place of marked strings, without recursion. */
function revive(root: unknown): unknown {
  const holder: unknown[] = [root];
  const stack: object[] = [holder];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const key of Object.keys(node)) {
      const value = (node as Record<string, unknown>)[key];
      if (typeof value === "object" && value !== null) stack.push(value);
      else if (typeof value === "string" && value.startsWith(MARK)) {
        Object.defineProperty(node, key, {
          value: BigInt(value.slice(MARK.length)),
          writable: true,
          enumerable: true,
          configurable: true,
        });
      }
    }
  }
  return holder[0];
}
