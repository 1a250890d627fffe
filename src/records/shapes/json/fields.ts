import {
  CATEGORIES,
  type Category,
  type JsonObject,
  type Level,
  type LogRecord,
} from "../../../core/record.js";
import { withoutColours } from "../../clean.js";
import { levelOfNumber, levelOfWord } from "../../levels.js";
import type { FieldKey, FieldName } from "./shape.js";
import { JSON_SHAPES } from "./shapes.js";

/** Names longer than this are no names: they stay in the data only. */
const LONGEST_NAME = 200;
const MOST_TAGS = 64;

interface Role extends FieldKey {
  readonly slot: number;
  /** Lower is trusted more. */
  readonly rank: number;
}

const SLOTS: Readonly<Record<FieldName, number>> = {
  level: 0,
  message: 1,
  component: 2,
  eventType: 3,
  tags: 4,
  wish: 5,
};
const UNSAID = 1_000;

const rolesByKey = new Map<string, Role[]>();
JSON_SHAPES.flatMap((shape) => shape.keys).forEach((key, rank) => {
  const roles = rolesByKey.get(key.key) ?? [];
  roles.push({ ...key, slot: SLOTS[key.field], rank });
  rolesByKey.set(key.key, roles);
});

/** Scratch, emptied for each object: reading fields allocates nothing. */
const values: unknown[] = [undefined, undefined, undefined, undefined, undefined, undefined];
const ranks: number[] = [UNSAID, UNSAID, UNSAID, UNSAID, UNSAID, UNSAID];

/**
 * Takes level, message, component, event type, tags and the wish out of an app's object into its record;
 * what the object does not say stays as it is.
 *
 * One pass over the keys with a look into a map costs 0.2 to 0.3 µs however many different objects a program
 * prints. Asking the object for each name in turn is as fast while all objects are of one kind, but costs 7 µs
 * when there are hundreds of kinds, since V8 then looks up each absent name the long way.
 */
export function readFields(record: LogRecord, data: JsonObject): void {
  for (let slot = 0; slot < 6; slot += 1) {
    values[slot] = undefined;
    ranks[slot] = UNSAID;
  }
  for (const key in data) {
    const roles = rolesByKey.get(key);
    if (roles !== undefined) consider(roles, data[key], data);
  }
  if (values[0] !== undefined) record.level = values[0] as Level;
  if (values[1] !== undefined) record.message = messageText(values[1]);
  if (values[2] !== undefined) record.component = values[2] as string;
  if (values[3] !== undefined) record.event_type = values[3] as string;
  if (values[4] !== undefined) record.tags = values[4] as readonly string[];
  if (values[5] !== undefined) record.wish = values[5] as Category;
}

function consider(roles: readonly Role[], value: unknown, data: JsonObject): void {
  for (let at = 0; at < roles.length; at += 1) {
    const role = roles[at] as Role;
    if (role.rank >= (ranks[role.slot] as number)) continue;
    const usable = usableValue(role, value, data);
    if (usable === undefined || (role.only !== undefined && !role.only(data))) continue;
    values[role.slot] = usable;
    ranks[role.slot] = role.rank;
  }
}

function usableValue(role: Role, value: unknown, data: JsonObject): unknown {
  if (role.inner !== undefined) {
    if (typeof value === "object" && value !== null) {
      return usableField(role, (value as JsonObject)[role.inner], data);
    }
    if (role.orText !== true) return undefined;
  }
  return usableField(role, value, data);
}

function usableField(role: Role, value: unknown, data: JsonObject): unknown {
  switch (role.slot) {
    case 0:
      return levelOf(role, value);
    case 1:
      return isMessage(role, value) ? (role.render?.(value, data) ?? value) : undefined;
    case 4:
      return tagList(value);
    case 5:
      return CATEGORIES.includes(value as Category) ? value : undefined;
    default:
      return isName(value, role) ? value : undefined;
  }
}

function levelOf(role: Role, value: unknown): Level | undefined {
  if (typeof value === "number") return (role.scale ?? levelOfNumber)(value);
  if (typeof value !== "string" || role.numbersOnly === true) return undefined;
  // `"PRIORITY": "3"`: a number written as text, on the key's own scale.
  if (role.scale !== undefined && /^\d{1,2}$/.test(value)) return role.scale(Number(value));
  return levelOfWord(value);
}

/** An object or a number is a message only under the names that mean nothing else. */
function isMessage(role: Role, value: unknown): boolean {
  if (typeof value === "string") return value !== "";
  return value !== null && value !== undefined && (role.key === "message" || role.key === "msg");
}

/** A component or an event type: a short text; `event` is a type only when it is one word. */
function isName(value: unknown, role: Role): boolean {
  if (typeof value !== "string" || value === "" || value.length > LONGEST_NAME) return false;
  return role.key !== "event" || !value.includes(" ");
}

function tagList(value: unknown): readonly string[] | undefined {
  if (typeof value === "string") return isTag(value) ? [value] : undefined;
  if (!Array.isArray(value) || value.length === 0) return undefined;
  if (value.length <= MOST_TAGS && value.every(isTag)) return value;
  const tags = value.filter(isTag).slice(0, MOST_TAGS);
  return tags.length === 0 ? undefined : tags;
}

function isTag(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= LONGEST_NAME;
}

function messageText(value: unknown): string {
  return typeof value === "string" ? withoutColours(value) : JSON.stringify(value);
}
