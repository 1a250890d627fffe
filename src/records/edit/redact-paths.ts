import type { LogRecord } from "../../core/record.js";
import { withoutColours } from "../clean.js";
import { takeDataText } from "./data-text.js";
import { locateField } from "./locate.js";
import { applyPatches } from "./patch.js";
import { eachElement, eachMember, endOfValue, type Span, stringAt } from "./walk.js";
import { hideWords } from "./words.js";

/** What stands where something was taken out. */
export const REDACTED = "[redacted]";
const REDACTED_JSON = JSON.stringify(REDACTED);

/** Each word is looked for in the whole text: where there are more, the text goes as a whole. */
const MOST_WORDS = 100;

const QUOTE = 34;
const OPEN_LIST = 91;
const OPEN = 123;

/** A record's own fields that hold what the app said, and what they become; no other field of its own can be hidden. */
const OWN: Readonly<Record<string, (record: LogRecord) => void>> = {
  message: (record) => {
    record.message = REDACTED;
  },
  event_type: (record) => {
    record.event_type = REDACTED;
  },
  component: (record) => {
    record.component = REDACTED;
  },
  tags: (record) => {
    record.tags = [REDACTED];
  },
  text: (record) => {
    record.text = REDACTED;
  },
};

/**
 * Puts `[redacted]` in place of the values at the paths, found as rules find a field: the record's own (message,
 * event_type, component, tags, text), else in the app's object by exact key, by dotted path, or under `metadata`; in
 * arrays every element. An object or array there goes as a whole. What the app's object and text hold of the same
 * value goes with it: a message that was read from the object, and of a text line what was read out of it.
 *
 * All else of the app's object stays as it was written. Never throws.
 */
export function redactPaths(record: LogRecord, paths: readonly string[]): void {
  for (const path of paths) redactPath(record, path);
}

function redactPath(record: LogRecord, path: string): void {
  const own = Object.hasOwn(OWN, path) ? record[path as keyof LogRecord] : undefined;
  const { dataText } = record;
  const spans = dataText === undefined ? [] : locateField(dataText, path);
  const hidden = new Set<string>();
  for (const span of spans) addForms(hidden, dataText as string, span);
  if (typeof own === "string") {
    hidden.add(own);
    if (dataText !== undefined) spans.push(...stringsThatSay(dataText, own));
  }
  if (dataText !== undefined && spans.length > 0) {
    const patches = spans.map((span) => ({ ...span, text: REDACTED_JSON }));
    takeDataText(record, applyPatches(dataText, patches));
  }
  hideInTexts(record, hidden, dataText);
  if (own !== undefined) OWN[path]?.(record);
}

/** How a value may stand in a text: as JSON writes it, and as it reads. */
function addForms(forms: Set<string>, text: string, span: Span): void {
  const written = text.slice(span.start, span.end);
  if (text.charCodeAt(span.start) === QUOTE) {
    forms.add(stringAt(text, span));
    forms.add(written.slice(1, -1));
  } else forms.add(written);
  for (const empty of ["", "null", REDACTED]) forms.delete(empty);
}

/** The strings anywhere in an object that say the same as one of the record's fields, which was read from one of them. */
function stringsThatSay(text: string, own: string): Span[] {
  const found: Span[] = [];
  const visit = (start: number): number => {
    const first = text.charCodeAt(start);
    if (first === OPEN) return eachMember(text, start, (_key, value) => visit(value));
    if (first === OPEN_LIST) return eachElement(text, start, visit);
    const end = endOfValue(text, start);
    if (first === QUOTE && withoutColours(stringAt(text, { start, end })) === own) found.push({ start, end });
    return end;
  };
  visit(0);
  return found;
}

function hideInTexts(record: LogRecord, hidden: ReadonlySet<string>, before: string | undefined): void {
  if (hidden.size === 0) return;
  const { message, dataText } = record;
  if (dataText !== undefined && isObject(record.text)) {
    // The line was the object and nothing else.
    record.text = dataText;
    if (message !== undefined && says(hidden, message, before)) record.message = REDACTED;
    return;
  }
  const hide = (text: string) =>
    hidden.size > MOST_WORDS ? REDACTED : hideWords(withoutColours(text), hidden, REDACTED);
  record.text = hide(record.text);
  if (message !== undefined) record.message = hide(message);
}

function isObject(text: string): boolean {
  return /^[\s\ufeff]{0,8}\{/.test(withoutColours(text));
}

/** A message is one of the values, or an object of them written as text (`"message": {…}`). */
function says(hidden: ReadonlySet<string>, message: string, before: string | undefined): boolean {
  if (hidden.has(message)) return true;
  const first = message.charCodeAt(0);
  if (first !== OPEN && first !== OPEN_LIST) return false;
  return before !== undefined && [...hidden].some((value) => written(value) === message);
}

function written(value: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(value));
  } catch {
    // No JSON: then it is no object either.
    return undefined;
  }
}
