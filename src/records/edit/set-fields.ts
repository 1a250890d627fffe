import { levelOfWord } from "../../core/level-words.js";
import type { Level, LogRecord } from "../../core/record.js";
import { takeDataText } from "./data-text.js";
import { locateField, membersNamed } from "./locate.js";
import { applyPatches, type Patch } from "./patch.js";
import { endOfValue } from "./walk.js";

/** What a field can be set to: what YAML and JSON have in common. */
export type FieldValue =
  | string
  | number
  | boolean
  | null
  | readonly FieldValue[]
  | { readonly [key: string]: FieldValue };

const OPEN = 123;

/** A record's own fields that can be set. What cannot be used for one leaves it as it was. */
const OWN: Readonly<Record<string, (record: LogRecord, value: FieldValue) => void>> = {
  level: (record, value) => {
    record.level = levelOf(value) ?? record.level;
  },
  component: (record, value) => {
    record.component = wordOf(value) ?? record.component;
  },
  event_type: (record, value) => {
    record.event_type = value === null ? undefined : (wordOf(value) ?? record.event_type);
  },
  message: (record, value) => {
    record.message = value === null ? undefined : textOf(value);
  },
  tags: (record, value) => {
    record.tags = tagsOf(value);
  },
};

/**
 * Sets fields of a record. `level`, `component`, `event_type`, `message` and `tags` are the record's own; all others
 * become members of the app's object (a text line gets one): in place of what the name finds there, as rules find
 * fields, else as a new member behind the others, of the object that the dotted path leads to. All else of the
 * object stays as the app wrote it. Never throws.
 */
export function setFields(record: LogRecord, fields: Readonly<Record<string, FieldValue>>): void {
  for (const [name, value] of Object.entries(fields)) {
    const own = Object.hasOwn(OWN, name) ? OWN[name] : undefined;
    if (own !== undefined) own(record, value);
    else takeDataText(record, withField(record.dataText ?? JSON.stringify(record.data ?? {}), name, value));
  }
}

function withField(text: string, name: string, value: FieldValue): string {
  const json = JSON.stringify(value);
  const found = locateField(text, name);
  if (found.length > 0)
    return applyPatches(
      text,
      found.map((span) => ({ ...span, text: json })),
    );
  const path = name.startsWith("data.") && name.length > 5 ? name.slice(5) : name;
  return applyPatches(text, [addition(text, 0, path, json)]);
}

/**
 * The insertion of a member into the object that begins at `open`, or into one inside it. Where the path is barred
 * (`user` is a text, and `user.id` is to be set) the whole name is the key: rules find that too.
 */
function addition(text: string, open: number, path: string, json: string): Patch {
  let object = open;
  let rest = path;
  for (let dot = innerDot(rest); dot > 0; dot = innerDot(rest)) {
    const inner = membersNamed(text, object, rest.slice(0, dot)).at(-1);
    if (inner === undefined) break;
    if (text.charCodeAt(inner.start) !== OPEN) return member(text, open, path, json);
    object = inner.start;
    rest = rest.slice(dot + 1);
  }
  return member(text, object, ...nested(rest, json));
}

/** `a.b.c` as the key `a` with the value `{"b":{"c":…}}`. */
function nested(path: string, json: string): [key: string, json: string] {
  const dot = innerDot(path);
  if (dot < 0) return [path, json];
  const [key, inner] = nested(path.slice(dot + 1), json);
  return [path.slice(0, dot), `{${JSON.stringify(key)}:${inner}}`];
}

/** The first dot that has something on both sides. */
function innerDot(path: string): number {
  const dot = path.indexOf(".", 1);
  return dot < path.length - 1 ? dot : -1;
}

function member(text: string, open: number, key: string, json: string): Patch {
  const close = endOfValue(text, open) - 1;
  const comma = /^\{\s*$/.test(text.slice(open, close)) ? "" : ",";
  return { start: close, end: close, text: `${comma}${JSON.stringify(key)}:${json}` };
}

function levelOf(value: FieldValue): Level | undefined {
  return typeof value === "string" ? levelOfWord(value) : undefined;
}

/** A name: texts, numbers and booleans can be one, and nothing can't. */
function wordOf(value: FieldValue): string | undefined {
  return value === null || typeof value === "object" || value === "" ? undefined : String(value);
}

function textOf(value: FieldValue): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function tagsOf(value: FieldValue): readonly string[] | undefined {
  const tags = (Array.isArray(value) ? value : [value]).flatMap((tag: FieldValue) => wordOf(tag) ?? []);
  return tags.length === 0 ? undefined : tags;
}
