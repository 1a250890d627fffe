import { basename } from "node:path";
import type { Entry } from "./entries.js";

/** A row of a table with the names of its columns. */
export interface StoredRow {
  readonly ts: string;
  readonly table: string;
  /** Without `ts`; text as it is stored, as a table has no types. */
  readonly columns: Readonly<Record<string, string>>;
}

export function rowOf({ ts, text, path, header = "" }: Entry): StoredRow {
  const cells = splitCells(text);
  const names = splitCells(header);
  const columns = names.slice(1).map((name, index) => [name, cells[index + 1] ?? ""]);
  return {
    ts,
    table: tableOf(path),
    columns: Object.fromEntries(columns),
  };
}

/** The table that a segment belongs to, by its name. */
export function tableOf(path: string): string {
  return basename(path).replace(/_\d{4}-\d\d-\d\d.*$/, "");
}

/** The cells of one row (RFC 4180), quotes taken off. */
export function splitCells(row: string): string[] {
  const cells: string[] = [];
  let place = 0;
  for (;;) {
    if (row[place] === '"') {
      const end = endOfQuoted(row, place + 1);
      cells.push(row.slice(place + 1, end).replaceAll('""', '"'));
      place = end + 1;
    } else {
      const comma = row.indexOf(",", place);
      const end = comma === -1 ? row.length : comma;
      cells.push(row.slice(place, end));
      place = end;
    }
    if (place >= row.length) return cells;
    place += 1;
  }
}

function endOfQuoted(row: string, start: number): number {
  let place = row.indexOf('"', start);
  while (place !== -1 && row[place + 1] === '"') place = row.indexOf('"', place + 2);
  return place === -1 ? row.length : place;
}
