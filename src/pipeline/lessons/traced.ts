import type { JsonObject, LogRecord } from "../../core/record.js";

/** What was looked at of a line: paths of values within its object, as JSON text, and fields of its record. */
export interface Looks {
  readonly values: Set<string>;
  readonly fields: Set<string>;
}

export function pathKey(path: readonly string[]): string {
  return JSON.stringify(path);
}

/** Paths of the objects that stand for others, so that it can be told what was given out as a whole. */
const paths = new WeakMap<object, readonly string[]>();

/** The path of an object within the traced one; undefined for anything else. */
export function pathOf(value: unknown): readonly string[] | undefined {
  return typeof value === "object" && value !== null ? paths.get(value) : undefined;
}

/** The same object to whoever reads it; each value that is asked for is noted. Which keys there are is no secret. */
export function tracedData(data: JsonObject, looks: Looks, path: readonly string[] = []): JsonObject {
  const inner = new Map<string, JsonObject>();
  const traced = new Proxy(data, {
    get(target, key, receiver) {
      const value: unknown = Reflect.get(target, key, receiver);
      if (typeof key === "symbol" || !Object.hasOwn(target, key)) return value;
      if (typeof value !== "object" || value === null || Array.isArray(value)) {
        looks.values.add(pathKey([...path, key]));
        return value;
      }
      const known = inner.get(key) ?? tracedData(value as JsonObject, looks, [...path, key]);
      inner.set(key, known);
      return known;
    },
  });
  paths.set(traced, path);
  return traced;
}

/** The same record; each of its fields that is asked for is noted. */
export function tracedRecord(record: LogRecord, looks: Looks): LogRecord {
  return new Proxy(record, {
    get(target, key, receiver) {
      if (typeof key === "string") looks.fields.add(key);
      return Reflect.get(target, key, receiver);
    },
  });
}
