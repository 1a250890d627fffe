import { withoutColours } from "../../../core/colours.js";
import { levelOfWord } from "../../../core/level-words.js";
import { CATEGORIES, type Category, type JsonObject, type Level } from "../../../core/record.js";
import { failedStatus } from "./request.js";
import { numberedLevel } from "./scales.js";
import type { FieldKey, FieldName } from "./shape.js";
import { JSON_SHAPES } from "./shapes.js";

/** Names longer than this are no names: they stay in the data only. */
const LONGEST_NAME = 200;
const MOST_TAGS = 64;

/** Reads a field's value, `undefined` where it can't be used. */
type ReadValue = (value: unknown, data: JsonObject) => unknown;

/** What a key may say. All roles have the same keys in the same order: one hidden class for the hot path. */
export interface Role {
  /** Index of the field in SLOTS. */
  readonly slot: number;
  /** Lower is trusted more. */
  readonly rank: number;
  readonly read: ReadValue;
  /** Another field that the same key may say. */
  readonly next: Role | undefined;
}

/** Where each field's value waits while an object is read. */
export const SLOTS: Readonly<Record<FieldName, number>> = {
  level: 0,
  message: 1,
  component: 2,
  eventType: 3,
  tags: 4,
  wish: 5,
  failedStatus: 6,
};

const READERS: Readonly<Record<FieldName, (key: FieldKey) => ReadValue>> = {
  level: levelReader,
  message: messageReader,
  component: () => nameOf,
  eventType: (key) => (key.key === "event" ? wordOf : nameOf),
  tags: () => tagsOf,
  wish: () => wishOf,
  failedStatus: () => failedStatus,
};

/** The roles of all keys of all shapes, by key; of those of one key the most trusted first, which saves reading the others. */
export function createRoles(): ReadonlyMap<string, Role> {
  const roles = new Map<string, Role>();
  const keys = JSON_SHAPES.flatMap((shape) => shape.keys);
  for (const [rank, key] of [...keys.entries()].reverse()) {
    const read = guarded(key, below(key, READERS[key.field](key)));
    roles.set(key.key, { slot: SLOTS[key.field], rank, read, next: roles.get(key.key) });
  }
  return roles;
}

/** The value under `inner` of an object; a plain text only where the key allows it. */
function below(key: FieldKey, read: ReadValue): ReadValue {
  const { inner, orText } = key;
  if (inner === undefined) return read;
  const [first = "", second] = typeof inner === "string" ? [inner] : inner;
  return (value, data) => {
    if (typeof value !== "object" || value === null) return orText === true ? read(value, data) : undefined;
    const within = (value as JsonObject)[first];
    if (second === undefined) return read(within, data);
    return typeof within === "object" && within !== null
      ? read((within as JsonObject)[second], data)
      : undefined;
  };
}

function guarded(key: FieldKey, read: ReadValue): ReadValue {
  const { only } = key;
  if (only === undefined) return read;
  return (value, data) => {
    const usable = read(value, data);
    return usable !== undefined && only(data) ? usable : undefined;
  };
}

function levelReader(key: FieldKey): ReadValue {
  const { scale, numbersOnly } = key;
  if (numbersOnly === true) return (value) => (typeof value === "number" ? scale?.(value) : undefined);
  if (scale === undefined) return (value) => levelOf(value);
  return (value) => {
    if (typeof value === "number") return scale(value);
    // `"PRIORITY": "3"`: a number written as text, on the key's own scale.
    return typeof value === "string" && /^\d{1,2}$/.test(value) ? scale(Number(value)) : levelOf(value);
  };
}

function levelOf(value: unknown): Level | undefined {
  if (typeof value === "string") return levelOfWord(value);
  return typeof value === "number" ? numberedLevel(value) : undefined;
}

/** An object or a number is a message only under the names that mean nothing else. */
function messageReader(key: FieldKey): ReadValue {
  const anyValue = key.key === "message" || key.key === "msg";
  const { render } = key;
  return (value, data) => {
    if (typeof value === "string" && value !== "") return withoutColours(render?.(value, data) ?? value);
    return anyValue && typeof value !== "string" && value !== null ? JSON.stringify(value) : undefined;
  };
}

function nameOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && value.length <= LONGEST_NAME ? value : undefined;
}

/** `event` is a type only when it is one word; else it is a sentence, structlog's message. */
function wordOf(value: unknown): string | undefined {
  const name = nameOf(value);
  return name?.includes(" ") === true ? undefined : name;
}

function wishOf(value: unknown): Category | undefined {
  return CATEGORIES.includes(value as Category) ? (value as Category) : undefined;
}

function tagsOf(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return nameOf(value) === undefined ? undefined : [value as string];
  if (value.length === 0) return undefined;
  if (value.length <= MOST_TAGS && value.every(isTag)) return value;
  const tags = value.filter(isTag).slice(0, MOST_TAGS);
  return tags.length === 0 ? undefined : tags;
}

function isTag(value: unknown): value is string {
  return nameOf(value) !== undefined;
}
