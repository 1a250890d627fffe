import { withoutColours } from "../../core/colours.js";
import type { LogRecord } from "../../core/record.js";
import { takeDataText } from "./data-text.js";
import { formsOf, isNested } from "./forms.js";
import { locateField } from "./locate.js";
import { applyPatches, type Patch } from "./patch.js";
import { eachLeaf, type Span, stringAt } from "./walk.js";
import { hideWords, longestFirst } from "./words.js";

/** What stands where something was taken out. */
export const REDACTED = "[redacted]";
const REDACTED_JSON = JSON.stringify(REDACTED);

/** Each word is looked for in each text: where there are more, text and message go as a whole, and other texts where they are one of them. */
const MOST_WORDS = 100;

const QUOTE = 34;

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
  text: hideLine,
  line: hideLine,
};

function hideLine(record: LogRecord): void {
  record.text = REDACTED;
}

/**
 * Puts `[redacted]` in place of the values at the paths, found as rules find a field: the record's own (message,
 * event_type, component, tags), else in the app's object by exact key, by dotted path, or under `metadata`; in
 * arrays every element; `text` and `line` the app's, else the whole line. An object or array there goes as a whole. Where the values, and those inside an object or array,
 * stand as words in the message, the text, the event type, the tags or another text of the app's object, they go there
 * too, and the component does where the line says it so.
 *
 * All else of the app's object stays as it was written. Never throws.
 */
export function redactPaths(record: LogRecord, paths: readonly string[]): void {
  for (const path of paths) redactPath(record, path);
}

function redactPath(record: LogRecord, path: string): void {
  const { dataText } = record;
  const spans = dataText === undefined ? [] : locateField(dataText, path);
  const isApps = spans.length > 0 && (path === "text" || path === "line");
  const key = path === "line" ? "text" : (path as keyof LogRecord);
  const own = Object.hasOwn(OWN, path) && !isApps ? record[key] : undefined;
  const hidden = formsOf(dataText ?? "", spans);
  hidden.delete(REDACTED);
  if (typeof own === "string") hidden.add(own);
  if (spans.length > 0 || hidden.size > 0) hideAll(record, spans, hidden);
  if (own !== undefined) OWN[path]?.(record);
}

function hideAll(record: LogRecord, spans: readonly Span[], hidden: ReadonlySet<string>): void {
  const { dataText, message, event_type } = record;
  const conceal = concealing(hidden, message);
  if (dataText !== undefined) {
    const values = spans.map((span) => ({ ...span, text: REDACTED_JSON }));
    const others = hidden.size === 0 ? [] : stringsThatHold(dataText, conceal.part);
    const patches = [...values, ...others];
    if (patches.length > 0) takeDataText(record, applyPatches(dataText, patches));
  }
  if (hidden.size === 0) return;
  // Where the line was the object and nothing else, its text is the object's.
  const isWhole = dataText !== undefined && isObject(record.text);
  record.text = isWhole ? (record.dataText as string) : conceal.whole(record.text);
  if (message !== undefined)
    record.message = isObjectAmong(hidden, message) ? REDACTED : conceal.whole(message);
  if (event_type !== undefined) record.event_type = conceal.part(event_type);
  record.tags = record.tags?.map(conceal.part);
  const { componentDefault, componentLabel } = record.container;
  const isSaid = record.component !== componentDefault && record.component !== componentLabel;
  if (isSaid && hidden.has(record.component)) record.component = REDACTED;
}

interface Conceal {
  /** For what may hold all of the values. */
  readonly whole: (text: string) => string;
  /** For what may hold some of them. */
  readonly part: (text: string) => string;
}

function concealing(hidden: ReadonlySet<string>, message: string | undefined): Conceal {
  if (hidden.size > MOST_WORDS) {
    const goes = (text: string) => hidden.has(text) || text === message;
    return { whole: () => REDACTED, part: (text) => (goes(withoutColours(text)) ? REDACTED : text) };
  }
  const words = longestFirst(hidden);
  const hide = (text: string) => {
    const plain = withoutColours(text);
    const concealed = hideWords(plain, words, REDACTED);
    return concealed === plain ? text : concealed;
  };
  return { whole: hide, part: hide };
}

/** Each string of an object that holds what is to be hidden, and what it becomes. */
function stringsThatHold(text: string, conceal: (text: string) => string): Patch[] {
  const patches: Patch[] = [];
  eachLeaf(text, 0, (span) => {
    if (text.charCodeAt(span.start) !== QUOTE) return;
    const said = stringAt(text, span);
    const concealed = said === REDACTED ? said : conceal(said);
    if (concealed !== said) patches.push({ ...span, text: JSON.stringify(concealed) });
  });
  return patches;
}

function isObject(text: string): boolean {
  return /^[\s\ufeff]{0,8}\{/.test(withoutColours(text));
}

/** Whether a message is an object that is one of the values (`"message": {…}`), written anew. */
function isObjectAmong(hidden: ReadonlySet<string>, message: string): boolean {
  return isNested(message, 0) && [...hidden].some((value) => rewritten(value) === message);
}

function rewritten(value: string): string | undefined {
  if (!isNested(value, 0)) return undefined;
  try {
    return JSON.stringify(JSON.parse(value));
  } catch {
    // A text that only begins like an object.
    return undefined;
  }
}
