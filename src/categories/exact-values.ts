import type { NamedField } from "../core/decision.js";
import type { JsonObject, LogRecord } from "../core/record.js";
import { parseExactly } from "./formats/json-text.js";

/**
 * Reads the named values of a record. Integers beyond 2^53 lost digits when the record was parsed; where one is met the app's own text
 * is read once more, so that long numbers (orders, users) come out as bigints with all their digits.
 */
export function readExactly(record: LogRecord, fields: readonly NamedField[]): unknown[] {
  const values: unknown[] = [];
  let rounded = false;
  for (const { read } of fields) {
    const value = read(record);
    if (typeof value === "number" ? isRounded(value) : typeof value === "object" && holdsRounded(value)) {
      rounded = true;
    }
    values.push(value);
  }
  return rounded && record.dataText !== undefined ? readAgain(record, record.dataText, fields) : values;
}

function isRounded(value: number): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value);
}

/** Whether a number somewhere in a value lost digits; without recursion, for values can be nested as deep as a line is long. */
function holdsRounded(root: object | null): boolean {
  const stack = root === null ? [] : [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const value of Array.isArray(node) ? node : Object.values(node)) {
      if (typeof value === "number" && isRounded(value)) return true;
      if (typeof value === "object" && value !== null) stack.push(value);
    }
  }
  return false;
}

function readAgain(record: LogRecord, dataText: string, fields: readonly NamedField[]): unknown[] {
  const data = parseExactly(dataText) as JsonObject;
  const exact: LogRecord = { ...record, data };
  return fields.map(({ read }) => read(exact));
}
