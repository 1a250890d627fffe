import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { parse } from "fast-csv";
import { jsonText } from "./json-text.js";

/**
 * CSV after RFC 4180, UTF-8, with two choices where its readers differ:
 * - lines end in LF: pandas, Excel and Python's csv take both ends, while cut and awk see a CR in the last column;
 * - no byte order mark: pandas skips one, while Python's csv and awk take it for a part of the first column's name.
 *
 * Rows are joined here and not by fast-csv: its formatter is asynchronous (a row must be in the store's hands when `write`
 * returns, or a commit could cover a position without its row) and costs several times as much; see docs/PERFORMANCE.md.
 */
export const LINE_END = "\n";

/** What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection"), full-width forms included. */
const FORMULA_START = /^[=+\-@\t\r\n＝＋－＠]/;
/** Text that is only a number is no formula, and apps that print logfmt have no other numbers. */
const NUMERIC_TEXT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const NEEDS_QUOTES = /[",\r\n]/;

/**
 * One cell: text (defused with a leading `'` when a spreadsheet would take it for a formula), numbers, `true` and `false`, arrays
 * and objects as JSON text, nothing for what is absent. Infinities are `inf` and `-inf`, which pandas reads as such.
 */
export function csvCell(value: unknown): string {
  switch (typeof value) {
    case "string":
      return textCell(value);
    case "number":
      return numberCell(value);
    case "boolean":
    case "bigint":
      return String(value);
    case "object":
      return value === null ? "" : textCell(jsonText(value));
    default:
      return "";
  }
}

/** Whether a text is a number in decimal notation and nothing else. */
export function isNumericText(text: string): boolean {
  return NUMERIC_TEXT.test(text);
}

function numberCell(value: number): string {
  if (Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return "";
  return value > 0 ? "inf" : "-inf";
}

function textCell(text: string): string {
  // pandas ends the cell at a NUL, so the rest would be lost without a word.
  let cell = text.includes("\0") ? text.replaceAll("\0", "\ufffd") : text;
  if (FORMULA_START.test(cell) && !isNumericText(cell)) cell = `'${cell}`;
  return quotedCell(cell);
}

/** A cell that is defused already, quoted where it has to be. */
export function quotedCell(cell: string): string {
  return NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** A header line with its line end; names are treated as text cells. */
export function csvHeader(names: readonly string[]): string {
  return names.map(textCell).join(",") + LINE_END;
}

/**
 * Reads a table back, one object a row with the header's names as keys and text as values; `.gz` files too. Defused cells keep
 * their `'`. Ends with an error at a row that does not have as many cells as the header.
 */
export async function* readTable(path: string): AsyncGenerator<Readonly<Record<string, string>>> {
  const rows = parse<Record<string, string>, Record<string, string>>({
    headers: true,
    strictColumnHandling: true,
  });
  let torn: Error | undefined;
  rows.on("data-invalid", (_row: unknown, line: number) => {
    torn ??= new Error(`${path}: row ${line} does not have as many cells as the header`);
  });
  const file = createReadStream(path);
  const whenDone = (cause: Error | null | undefined): void => {
    // Errors of the file are handed on to the rows by `pipeline`, and thrown to whoever reads them.
    if (cause) rows.destroy(cause);
  };
  if (path.endsWith(".gz")) pipeline(file, createGunzip(), rows, whenDone);
  else pipeline(file, rows, whenDone);
  for await (const row of rows) {
    if (torn) break;
    yield row as Record<string, string>;
  }
  if (torn) throw torn;
}
