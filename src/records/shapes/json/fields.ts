import type { Category, JsonObject, Level, LogRecord } from "../../../core/record.js";
import { tellsOfRequest } from "./request.js";
import { createRoles, type Role } from "./roles.js";

const UNSAID = 1_000;
const roles = createRoles();

/** Scratch, emptied for each object: reading fields allocates nothing. The indexes are SLOTS'. */
const values: unknown[] = [undefined, undefined, undefined, undefined, undefined, undefined, undefined];
const ranks: number[] = [UNSAID, UNSAID, UNSAID, UNSAID, UNSAID, UNSAID, UNSAID];

/** Keys of the object before, and what they may say: the objects of one program mostly have the same keys in the same order. */
const LONGEST_MEMORY = 32;
/** Longer keys say no field; keeping them would keep whole lines in memory. */
const LONGEST_KEY = 64;
const lastKeys: string[] = new Array<string>(LONGEST_MEMORY).fill("");
const lastRoles: (Role | undefined)[] = new Array<Role | undefined>(LONGEST_MEMORY).fill(undefined);

/**
 * Takes level, message, component, event type, tags and the wish out of an app's object into its record;
 * what the object does not say stays as it is. A request that the server failed at is an error where its line says no
 * other level than info.
 *
 * One pass over the keys with a look into a map costs 0.2 to 0.4 µs however many different objects a program
 * prints. Asking the object for each name in turn is as fast while all objects are of one kind, but costs 7 µs
 * when there are hundreds of kinds, since V8 then looks up each absent name the long way.
 */
export function readFields(record: LogRecord, data: JsonObject): void {
  gather(data);
  if (values[0] !== undefined) record.level = values[0] as Level;
  if (values[6] !== undefined && record.level === "info" && tellsOfRequest(data)) record.level = "error";
  if (values[1] !== undefined) record.message = values[1] as string;
  if (values[2] !== undefined) record.component = values[2] as string;
  if (values[3] !== undefined) record.event_type = values[3] as string;
  if (values[4] !== undefined) record.tags = values[4] as readonly string[];
  if (values[5] !== undefined) record.wish = values[5] as Category;
}

/** The component that an object says, if any. */
export function componentOf(data: JsonObject): string | undefined {
  gather(data);
  return values[2] as string | undefined;
}

function gather(data: JsonObject): void {
  for (let slot = 0; slot < 7; slot += 1) {
    values[slot] = undefined;
    ranks[slot] = UNSAID;
  }
  let at = 0;
  for (const key in data) {
    const role = lastKeys[at] === key ? lastRoles[at] : remember(at, key);
    if (role !== undefined) consider(role, data[key], data);
    at += 1;
  }
}

function remember(at: number, key: string): Role | undefined {
  const role = roles.get(key);
  if (at < LONGEST_MEMORY && key.length <= LONGEST_KEY) {
    lastKeys[at] = key;
    lastRoles[at] = role;
  }
  return role;
}

function consider(first: Role, value: unknown, data: JsonObject): void {
  for (let role: Role | undefined = first; role !== undefined; role = role.next) {
    if (role.rank >= (ranks[role.slot] as number)) continue;
    const usable = role.read(value, data);
    if (usable === undefined) continue;
    values[role.slot] = usable;
    ranks[role.slot] = role.rank;
  }
}
