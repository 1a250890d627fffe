import type { JsonObject } from "../../core/record.js";
import { parseObject } from "../parse.js";
import { type Pair, readPairs } from "./pairs.js";

/** A message without what its program set off behind it, and the values of that. */
export interface Tail {
  readonly message: string;
  readonly data: JsonObject | undefined;
}

/** Longer messages are left as they are. */
const LONGEST = 8_000;

/** Monolog: the context and what was added to it, each an object or an empty list. */
const context = /^(\{.*\}|\[\]) (\{.*\}|\[\])$/;
const object = /[\t ](?=\{["}]|\[\] (?:\{|\[\]$))/;
/** Blanks that line things up, then a pair. */
const paddedPair = /(?<! ) {2,64}(?=[A-Za-z_@][\w.@/-]{0,80}=)/;
const anyPair = /(?<=\s)[A-Za-z_@][\w.@/-]{0,80}=/;
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
    const found = objectTail(message);
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
  return { message: message.slice(0, at).trimEnd(), data };
}

function pairTail(message: string): Tail | undefined {
  const padded = message.search(paddedPair);
  const at =
    padded >= 0 ? message.indexOf(message.slice(padded).trimStart(), padded) : message.search(anyPair);
  if (at < 0) return undefined;
  const pairs = readPairs(message, at);
  if (pairs === undefined || pairs.some(isProse)) return undefined;
  const data = Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
  return { message: padded >= 0 ? message.slice(0, padded) : message, data };
}

/** A word between pairs, or a list with commas. */
function isProse({ alone, value }: Pair): boolean {
  return alone || (typeof value === "string" && value.endsWith(","));
}

function placeTail(message: string): Tail {
  // Such a place ends with a digit.
  const last = message.charCodeAt(message.length - 1);
  const gap = last >= 48 && last <= 57 ? message.lastIndexOf("  ") : -1;
  const source = gap > 0 ? message.slice(gap + 2) : "";
  if (!place.test(source)) return { message, data: undefined };
  return { message: message.slice(0, gap).trimEnd(), data: { source: source.trimEnd() } };
}
