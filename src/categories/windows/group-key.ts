import type { NamedField } from "../../core/decision.js";
import type { LogRecord } from "../../core/record.js";
import { readExactly } from "../exact-values.js";
import { csvCell } from "../formats/csv.js";
import { jsonText } from "../formats/json-text.js";

/** Longer values of a group's fields are cut, so that what an app prints does not fill memory and checkpoint. */
const VALUE_LIMIT = 200;
const LONE_SURROGATE = /[\ud800-\udfff]/u;
const LONE_SURROGATES = new RegExp(LONE_SURROGATE, "gu");

/**
 * The group of a record: its values as they stand in the row, cell behind cell. So two records are in one group
 * exactly when nobody could tell their rows apart. Integers keep all their digits, so that two long ids are two groups.
 */
export function groupKey(record: LogRecord, by: readonly NamedField[]): string {
  const values = readExactly(record, by);
  let key = "";
  for (let at = 0; at < values.length; at++) {
    const cell = groupCell(values[at]);
    key = at === 0 ? cell : `${key},${cell}`;
  }
  return key;
}

function groupCell(value: unknown): string {
  if (typeof value === "string") return csvCell(plainText(value));
  if (typeof value === "object" && value !== null) return csvCell(plainText(jsonText(value)));
  return csvCell(value);
}

/** Halves of letters would be other text once they were in a file. */
function plainText(text: string): string {
  const short = text.length > VALUE_LIMIT ? text.slice(0, VALUE_LIMIT) : text;
  return LONE_SURROGATE.test(short) ? short.replace(LONE_SURROGATES, "\ufffd") : short;
}
