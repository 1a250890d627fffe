import type { JsonObject, Level } from "../../../core/record.js";

/** The fields of a record that a JSON line can say; and the status of a request that failed, which says a level. */
export type FieldName = "level" | "message" | "component" | "eventType" | "tags" | "wish" | "failedStatus";

/** A key in which a field can stand. */
export interface FieldKey {
  readonly field: FieldName;
  readonly key: string;
  /** The value stands below the key, one object deeper or two: `log: {level}`. A plain text under the key is then taken only with `orText`. */
  readonly inner?: string | readonly string[];
  readonly orText?: boolean;
  /** For levels: what numbers under this key mean, also those written as text. */
  readonly scale?: (value: number) => Level | undefined;
  /** Only numbers are taken under this key; texts are left to the other shapes. */
  readonly numbersOnly?: boolean;
  /** For messages: makes the text out of the value. */
  readonly render?: (value: string, data: JsonObject) => string;
  /** The key means this field only in objects of which this is true (asked only when the key is there). */
  readonly only?: (data: JsonObject) => boolean;
}

/**
 * A family of JSON lines: in which keys its programs say what. Written as a table of keys, so that one pass over
 * an object's keys finds the fields of all families. Where several keys say one field, the first in the order of
 * the shapes decides.
 */
export interface JsonShape {
  readonly name: string;
  readonly keys: readonly FieldKey[];
}
