import type { ColumnSource, SchemaElement } from "hyparquet-writer";
import type { NpyHeader } from "../formats/npy-header.js";
import { codecOf, type NpyItem } from "../formats/npy-items.js";
import { NpzFile } from "../formats/npz-reader.js";
import {
  COLUMN_TYPES,
  type ColumnType,
  GROUP_ROWS,
  type ParquetColumn,
  ParquetFile,
} from "../formats/parquet.js";
import { CLASSES, rowShape } from "./npz-layout.js";

export interface ParquetRequest {
  /** The .npz file, all arrays of which but `classes` have an item for each row. */
  readonly from: string;
  readonly to: string;
  /** Stands in the file's key-value metadata. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly onProgress: (share: number) => void;
}

/** What arrays hold. */
const TYPES: Readonly<Record<string, ColumnType>> = {
  "<f4": COLUMN_TYPES.float,
  "<f8": COLUMN_TYPES.double,
  "<i8": COLUMN_TYPES.int64,
  "<u8": COLUMN_TYPES.uint64,
  "|b1": COLUMN_TYPES.bool,
};

/** Writes the rows of an .npz file as Apache Parquet, row group by row group. Gives what was written. */
export async function npzToParquet({ from, to, metadata, onProgress }: ParquetRequest) {
  const npz = await NpzFile.open(from);
  try {
    const names = npz.names.filter((name) => name !== CLASSES);
    const columns = await Promise.all(
      names.map(async (name) => new Column(name, await npz.header(name), npz.data(name))),
    );
    const rows = columns[0]?.rows ?? 0;
    const schema = [
      { name: "root", num_children: columns.length },
      ...columns.flatMap((column) => column.schema),
    ];
    const digest = await ParquetFile.write({ path: to, schema, metadata }, async (parquet) => {
      for (let done = 0; done < rows; done += GROUP_ROWS) {
        const count = Math.min(GROUP_ROWS, rows - done);
        const columnData: ColumnSource[] = [];
        for (const column of columns) columnData.push({ name: column.name, data: await column.take(count) });
        await parquet.writeGroup(columnData, count);
        onProgress((done + count) / rows);
      }
    });
    return {
      ...digest,
      content: { columns: columns.map(({ name, type }): ParquetColumn => ({ name, type })) },
    };
  } finally {
    await npz.close();
  }
}

/** An array on its way into a column: an item a row, or a list of items. */
class Column {
  readonly rows: number;
  readonly #type: ColumnType;
  readonly #width: number | undefined;
  readonly #codec: ReturnType<typeof codecOf>;
  readonly #pieces: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(
    readonly name: string,
    header: NpyHeader,
    pieces: AsyncIterable<Buffer>,
  ) {
    const shape = rowShape(header);
    this.rows = header.shape[0] ?? 0;
    this.#width = shape.length === 0 ? undefined : shape.reduce((product, length) => product * length, 1);
    this.#codec = codecOf(header.descr);
    this.#type = TYPES[header.descr] ?? COLUMN_TYPES.text;
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  get type(): string {
    return this.#width === undefined ? this.#type.name : `list<${this.#type.name}>`;
  }

  /** A list has the three levels that the format asks for. Nothing is ever missing: arrays have NaN and empty texts there. */
  get schema(): SchemaElement[] {
    const { element: type } = this.#type;
    if (this.#width === undefined) return [{ name: this.name, repetition_type: "REQUIRED", ...type }];
    return [
      { name: this.name, repetition_type: "REQUIRED", converted_type: "LIST", num_children: 1 },
      { name: "list", repetition_type: "REPEATED", num_children: 1 },
      { name: "element", repetition_type: "REQUIRED", ...type },
    ];
  }

  async take(rows: number): Promise<NpyItem[] | NpyItem[][]> {
    const width = this.#width ?? 1;
    const { itemBytes } = this.#codec;
    const bytes = await this.#bytes(rows * width * itemBytes);
    const item = (at: number) => this.#codec.read(bytes, at * itemBytes);
    if (this.#width === undefined) return Array.from({ length: rows }, (_, row) => item(row));
    return Array.from({ length: rows }, (_, row) =>
      Array.from({ length: width }, (_, at) => item(row * width + at)),
    );
  }

  async #bytes(count: number): Promise<Buffer> {
    const found = [this.#rest];
    let have = this.#rest.length;
    while (have < count) {
      const { value, done } = await this.#pieces.next();
      if (done === true) throw new Error(`the array ${this.name} ends too early`);
      found.push(value);
      have += value.length;
    }
    const all = Buffer.concat(found);
    this.#rest = all.subarray(count);
    return all.subarray(0, count);
  }
}
