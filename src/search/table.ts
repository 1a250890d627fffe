import { csvCell, csvHeader, LINE_END } from "../categories/formats/csv.js";
import type { Entry } from "../reading/entries.js";
import { fieldsOf } from "./stored-fields.js";

/** The columns of what was found, as a table: a record's own fields, then what the app said as JSON. */
const COLUMNS = [
  "ts",
  "level",
  "component",
  "event_type",
  "message",
  "container",
  "stream",
  "rule",
  "severity",
  "table",
] as const;

export const CSV_HEADER = csvHeader([...COLUMNS, "data"]);

/** A record or row as a row of that table. */
export function csvOf(entry: Entry): string {
  const { own, data } = fieldsOf(entry);
  const cells = [...COLUMNS.map((name) => own[name]), data === undefined ? undefined : JSON.stringify(data)];
  return cells.map(csvCell).join(",") + LINE_END;
}
