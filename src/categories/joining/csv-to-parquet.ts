import { valueOfCell } from "../formats/cell-types.js";
import { readTable } from "../formats/csv.js";
import { type ColumnType, GROUP_ROWS, ParquetFile } from "../formats/parquet.js";

export interface TableRequest {
  /** The .csv file, which has a header. */
  readonly from: string;
  readonly to: string;
  /** All columns, with types that fit each cell. */
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
  /** Stands in the file's key-value metadata. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Told of how many rows were written. */
  readonly onProgress: (rows: number) => void;
}

/** Writes a table as Apache Parquet, row group by row group; an empty cell is a null. Gives size and SHA-256. */
export function csvToParquet({ from, to, columns, metadata, onProgress }: TableRequest) {
  const fields = columns.map(({ name, type }) => ({
    name,
    repetition_type: "OPTIONAL" as const,
    ...type.element,
  }));
  const schema = [{ name: "root", num_children: columns.length }, ...fields];
  return ParquetFile.write({ path: to, schema, metadata }, async (parquet) => {
    let rows: Readonly<Record<string, string>>[] = [];
    let done = 0;
    const writeRows = async () => {
      const columnData = columns.map(({ name, type }) => ({
        name,
        data: rows.map((row) => valueOfCell(row[name] ?? "", type)),
      }));
      await parquet.writeGroup(columnData, rows.length);
      done += rows.length;
      rows = [];
      onProgress(done);
    };
    for await (const row of readTable(from)) {
      rows.push(row);
      if (rows.length === GROUP_ROWS) await writeRows();
    }
    if (rows.length > 0) await writeRows();
  });
}
