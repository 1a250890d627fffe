import type { FieldReader } from "../core/decision.js";
import type { LogRecord } from "../core/record.js";
import { nativeAccess, readField, readValue } from "./fields.js";
import type { FieldAccess } from "./match/types.js";
import { ratioOf, readRatio } from "./ratio.js";

/** The fields as a native rule names them. */
export interface Fields {
  readonly readField: (name: string) => FieldReader;
  readonly readValue: (name: string) => FieldReader;
  readonly access: FieldAccess<LogRecord>;
}

export const plainFields: Fields = { readField, readValue, access: nativeAccess };

/** With some that come first, of which each falls back on the field of its name. */
export function fieldsWith(first: ReadonlyMap<string, FieldReader>): Fields {
  const before = (plain: (name: string) => FieldReader) => {
    const readNamed = (name: string): FieldReader => {
      const ratio = ratioOf(name);
      if (ratio !== undefined) return readRatio(ratio, readNamed);
      const read = plain(name);
      const own = first.get(name);
      return own === undefined ? read : (record) => own(record) ?? read(record);
    };
    return readNamed;
  };
  const field = before(readField);
  return { readField: field, readValue: before(readValue), access: { ...nativeAccess, field } };
}
