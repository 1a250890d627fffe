import type { LearnedForm } from "../../../core/line.js";
import type { JsonObject } from "../../../core/record.js";
import { readHead } from "../../heads/head.js";
import { levelBehind } from "../../heads/level-behind.js";
import { readTail } from "../../heads/tail.js";
import type { UsualHeads } from "../../heads/usual.js";
import { isKeyAt } from "../../heads/words-ahead.js";
import { leveled } from "./leveled.js";
import { logfmt } from "./logfmt.js";
import { readQuotedPairs } from "./quoted-pairs.js";
import type { TextReading, TextShape } from "./shape.js";

/** The message is JSON, or what follows it is read by those who know better. */
const OPEN = 123;

function read(text: string, learned?: LearnedForm, usual?: UsualHeads): TextReading | undefined {
  const head = readHead(text, learned, usual);
  if (head === undefined) return undefined;
  const rest = text.slice(head.end);
  const late = head.level === undefined && head.data.time !== undefined ? levelBehind(rest) : undefined;
  if (late !== undefined) {
    const { level, message, source } = late;
    return { level, message, data: joined(head.data, source === undefined ? undefined : { source }) };
  }
  const quoted = head.level === undefined ? readQuotedPairs(rest) : undefined;
  if (quoted !== undefined) return { ...quoted, data: joined(head.data, quoted.data) };
  const level = head.level ?? (leveled.read(rest) ?? leveled.read(text))?.level;
  const pairs = isKeyAt(rest, 0) ? logfmt.read(rest) : undefined;
  if (pairs !== undefined) return { ...pairs, level, data: joined(head.data, pairs.data) };
  const { message, data } = rest.charCodeAt(0) === OPEN ? { message: rest, data: undefined } : readTail(rest);
  if (data === undefined && head.json !== undefined)
    return { level, message, data: head.data, json: head.json };
  return { level, message, data: joined(head.data, data) };
}

function joined(head: JsonObject, tail: JsonObject | undefined): JsonObject | undefined {
  if (tail !== undefined) return { ...tail, ...head };
  for (const _name in head) return head;
  return undefined;
}

/** Any program whose lines begin with a time or a level, see heads/head.ts. */
export const head: TextShape = { name: "head", general: true, read };
