import { readFileSync } from "node:fs";
import { DataType, type Table, tableFromIPC, type Vector } from "apache-arrow";
import { ParquetFile, readParquet } from "parquet-wasm";

export interface ReadParquet {
  readonly bytes: Buffer;
  /** Rows of each row group. */
  readonly groups: readonly number[];
  readonly metadata: ReadonlyMap<string, string>;
  /** Of each column what Arrow makes of its type: `List<Float32>`, `Timestamp<NANOSECOND, UTC>` … */
  readonly types: Readonly<Record<string, string>>;
  /** Lists as arrays, times as nanoseconds since 1970. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** By Rust's parquet and arrow crates, which know nothing of what wrote the file. */
export async function readParquetFile(path: string): Promise<ReadParquet> {
  const bytes = readFileSync(path);
  const file = (await ParquetFile.fromFile(new Blob([bytes]))).metadata();
  const table = tableFromIPC(readParquet(bytes).intoIPCStream());
  return {
    bytes,
    groups: Array.from({ length: file.numRowGroups() }, (_, at) => file.rowGroup(at).numRows()),
    metadata: file.fileMetadata().keyValueMetadata(),
    types: Object.fromEntries(table.schema.fields.map(({ name, type }) => [name, String(type)])),
    rows: rowsOf(table),
  };
}

function rowsOf(table: Table): Record<string, unknown>[] {
  const columns = table.schema.fields.map(({ name }, at) => [name, valuesOf(table.getChildAt(at)!)] as const);
  return Array.from({ length: table.numRows }, (_, row) =>
    Object.fromEntries(columns.map(([name, values]) => [name, values[row]])),
  );
}

function valuesOf(column: Vector): unknown[] {
  if (DataType.isList(column.type))
    return Array.from(column, (list: Vector | null) => list && Array.from(list.toArray()));
  if (!DataType.isTimestamp(column.type)) return Array.from(column);
  // Arrow itself would give milliseconds as a double, which has no room for the nanoseconds.
  return column.data.flatMap((chunk) =>
    Array.from({ length: chunk.length }, (_, at) => (chunk.getValid(at) ? chunk.values[at] : null)),
  );
}
