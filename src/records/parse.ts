import type { JsonObject } from "../core/record.js";
import { canSplice } from "./splice.js";

/** An app's object and its text as one line of valid JSON. */
export interface ParsedJson {
  readonly data: JsonObject;
  readonly dataText: string;
}

const OPEN = 123;
const CLOSE = 125;
const QUOTE = 34;

/**
 * The JSON object that a text consists of, or `undefined` when it is none: broken, cut, an array, a bare value,
 * or nested so deep that other programs could not read it back. `NaN` and `Infinity`, which Python's json writes
 * though JSON has no word for them, become `null`.
 */
export function parseObject(text: string): ParsedJson | undefined {
  const trimmed =
    text.charCodeAt(text.length - 1) === CLOSE && text.charCodeAt(0) === OPEN ? text : text.trim();
  if (!looksLikeObject(trimmed) || !canSplice(trimmed)) return undefined;
  const data = parse(trimmed);
  if (data !== undefined) return { data, dataText: onOneLine(trimmed, data) };
  const mended = withoutNotNumbers(trimmed);
  const again = mended === undefined ? undefined : parse(mended);
  return again === undefined || mended === undefined
    ? undefined
    : { data: again, dataText: onOneLine(mended, again) };
}

/** A throw costs some 10 µs, so texts that only begin like an object (Python's `{'a': 1}`) are seen beforehand. */
function looksLikeObject(text: string): boolean {
  if (text.charCodeAt(0) !== OPEN || text.charCodeAt(text.length - 1) !== CLOSE) return false;
  let at = 1;
  while (text.charCodeAt(at) <= 32) at += 1;
  const next = text.charCodeAt(at);
  return next === QUOTE || next === CLOSE;
}

function parse(text: string): JsonObject | undefined {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return undefined;
  }
}

/** An object printed over several lines, or with carriage returns as space, is written anew. */
function onOneLine(text: string, data: JsonObject): string {
  return text.includes("\n") || text.includes("\r") ? JSON.stringify(data) : text;
}

/** `NaN`, `Infinity` and `-Infinity` outside strings as `null`; `undefined` when there are none. */
function withoutNotNumbers(text: string): string | undefined {
  if (!text.includes("NaN") && !text.includes("Infinity")) return undefined;
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (part) =>
    part.startsWith('"') ? part : "null",
  );
}
