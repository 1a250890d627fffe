import type { NamedField } from "../../core/decision.js";
import type { LogRecord } from "../../core/record.js";
import { readExactly } from "../exact-values.js";
import { csvCell } from "../formats/csv.js";
import { jsonText, quoteJson } from "../formats/json-text.js";
import type { ColumnNumbers } from "./column.js";
import type { OpenWindow } from "./window.js";

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

/** What one window holds of one group. */
export class OpenGroup {
  readonly window: OpenWindow;
  readonly key: string;
  /** Rows of the window had been written already when the group was begun. */
  readonly isLate: boolean;
  readonly columns: readonly ColumnNumbers[];
  /** Records. */
  count = 0;
  /** In the order in which groups were last added to (recency.ts). */
  older: OpenGroup | undefined;
  newer: OpenGroup | undefined;
  /** JSON text as of the last commit, until something is added. */
  #text: string | undefined;

  constructor(window: OpenWindow, key: string, isLate: boolean, columns: readonly ColumnNumbers[]) {
    this.window = window;
    this.key = key;
    this.isLate = isLate;
    this.columns = columns;
  }

  add(record: LogRecord, fields: readonly NamedField[]): void {
    this.#text = undefined;
    this.count += 1;
    for (let at = 0; at < fields.length; at++) this.columns[at]!.add(fields[at]!.read(record));
  }

  text(): string {
    this.#text ??= `[${quoteJson(this.key)},${this.count},${this.isLate ? 1 : 0},[${this.columns
      .map((column) => column.text())
      .join(",")}]]`;
    return this.#text;
  }
}
