import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { ColumnGuess } from "../categories/formats/cell-types.js";
import { LINE_END, quotedCell } from "../categories/formats/csv.js";
import { SidecarError } from "../core/errors.js";
import { safeName } from "../core/names.js";
import { headerOf } from "../reading/entries.js";
import { readInOrder } from "../reading/in-order.js";
import { splitCells, tableOf } from "../reading/rows.js";
import { listSegments, type SegmentFile } from "../reading/segments.js";

const FILE_MODE = 0o640;
const PIECE_CHARACTERS = 64 * 1024;

/** The segments of one table, and the columns of all of them. */
export interface TableSources {
  readonly segments: readonly SegmentFile[];
  readonly names: readonly string[];
}

/** @throws SidecarError EXPORT_FAILED when there is no such table, with those that there are. */
export async function tableSources(logDir: string, table: string): Promise<TableSources> {
  const all = await listSegments(logDir, "summary");
  const segments: SegmentFile[] = [];
  const names = new Set<string>();
  for (const segment of all) {
    if (![table, safeName(table)].includes(tableOf(segment.path))) continue;
    const header = await headerOf(logDir, segment);
    // One that is empty, or gone meanwhile.
    if (header === "") continue;
    segments.push(segment);
    for (const name of splitCells(header)) names.add(name);
  }
  if (segments.length > 0) return { segments, names: [...names] };
  const tables = [...new Set(all.map(({ path }) => tableOf(path)))].sort();
  throw new SidecarError("EXPORT_FAILED", `There is no table ${table} in ${logDir}`, {
    remedy: tables.length === 0 ? "There are no tables yet." : `There are: ${tables.join(", ")}.`,
  });
}

interface TableJoin extends TableSources {
  readonly logDir: string;
  readonly since: string | undefined;
  readonly to: string;
  /** Told of each row, with the path of its segment. */
  readonly onRow: (path: string) => void;
}

/** What was joined. */
export interface JoinedTable {
  readonly rows: number;
  /** Engine timestamps of the first and the last row. */
  readonly first: string;
  readonly last: string;
  readonly columns: readonly { readonly name: string; readonly type: ColumnGuess["type"] }[];
}

/**
 * Writes all rows in the order of time below one header; where a row's part had no such column, the cell is empty.
 * @throws SidecarError EXPORT_FAILED when no row is as late as that, FILE_DAMAGED
 */
export async function joinTable({ segments, names, to, onRow, ...from }: TableJoin): Promise<JoinedTable> {
  const guesses = names.map(() => new ColumnGuess());
  const places = new Map<string, number[]>();
  let rows = 0;
  let first = "";
  let last = "";
  const pieces = async function* () {
    let piece = names.map(quotedCell).join(",") + LINE_END;
    for await (const { ts, text, path, header = "" } of readInOrder({ ...from, segments, wanted: {} })) {
      onRow(path);
      if (rows === 0) first = ts;
      last = ts;
      rows += 1;
      const cells = splitCells(text);
      let place = places.get(header);
      if (place === undefined) {
        const own = splitCells(header);
        place = names.map((name) => own.indexOf(name));
        places.set(header, place);
      }
      const row = place.map((at) => cells[at] ?? "");
      for (const [column, cell] of row.entries()) guesses[column]!.add(cell);
      piece += row.map(quotedCell).join(",") + LINE_END;
      if (piece.length < PIECE_CHARACTERS) continue;
      yield piece;
      piece = "";
    }
    yield piece;
  };
  await pipeline(pieces, createWriteStream(to, { mode: FILE_MODE }));
  if (rows === 0) {
    throw new SidecarError("EXPORT_FAILED", "No row is as late as that", {
      remedy: "Ask for an earlier time with --since.",
    });
  }
  return {
    rows,
    first,
    last,
    columns: names.map((name, column) => ({ name, type: guesses[column]!.type })),
  };
}
