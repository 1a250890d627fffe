import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { ByteWriter, type ColumnSource, ParquetWriter, type SchemaElement } from "hyparquet-writer";
import type { NpyHeader } from "../formats/npy-header.js";
import { codecOf, type NpyItem } from "../formats/npy-items.js";
import { NpzFile } from "../formats/npz-reader.js";
import { CLASSES, rowShape } from "./npz-layout.js";

const FILE_MODE = 0o640;
/** Rows that are in memory at once, and a row group of the file. */
const GROUP_ROWS = 10_000;

export interface ParquetColumn {
  readonly name: string;
  /** The field's type in words: `float`, `list<float>`, `string` … */
  readonly type: string;
}

export interface ParquetRequest {
  /** The .npz file, all arrays of which but `classes` have an item for each row. */
  readonly from: string;
  readonly to: string;
  /** Stands in the file's key-value metadata. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly onProgress: (share: number) => void;
}

/** Physical and logical types (parquet-format, LogicalTypes.md) of what arrays hold, and their names in Arrow. */
const TYPES: Readonly<Record<string, Pick<SchemaElement, "type" | "converted_type"> & { name: string }>> = {
  "<f4": { name: "float", type: "FLOAT" },
  "<f8": { name: "double", type: "DOUBLE" },
  "<i8": { name: "int64", type: "INT64" },
  "<u8": { name: "uint64", type: "INT64", converted_type: "UINT_64" },
  "|b1": { name: "bool", type: "BOOLEAN" },
  text: { name: "string", type: "BYTE_ARRAY", converted_type: "UTF8" },
};

/** Writes the rows of an .npz file as Apache Parquet, row group by row group. Gives what was written. */
export async function npzToParquet({ from, to, metadata, onProgress }: ParquetRequest) {
  const npz = await NpzFile.open(from);
  const file = await open(to, "w", FILE_MODE);
  try {
    const names = npz.names.filter((name) => name !== CLASSES);
    const columns = await Promise.all(
      names.map(async (name) => new Column(name, await npz.header(name), npz.data(name))),
    );
    const rows = columns[0]?.rows ?? 0;
    const hash = createHash("sha256");
    let bytes = 0;
    const writer = new FileWriter(async (piece) => {
      hash.update(piece);
      bytes += piece.length;
      await file.writeFile(piece);
    });
    const parquet = new ParquetWriter({
      writer,
      schema: [{ name: "root", num_children: columns.length }, ...columns.flatMap(({ schema }) => schema)],
      kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
      createdBy: "log-sidecar",
    });
    for (let done = 0; done < rows; done += GROUP_ROWS) {
      const count = Math.min(GROUP_ROWS, rows - done);
      const columnData: ColumnSource[] = [];
      for (const column of columns) columnData.push({ name: column.name, data: await column.take(count) });
      await parquet.write({ columnData, rowGroupSize: count });
      onProgress((done + count) / rows);
    }
    await parquet.finish();
    return {
      bytes,
      sha256: hash.digest("hex"),
      content: { columns: columns.map(({ name, type }): ParquetColumn => ({ name, type })) },
    };
  } finally {
    await file.close();
    await npz.close();
  }
}

/** What is written leaves memory behind each row group. */
class FileWriter extends ByteWriter {
  readonly #write: (piece: Buffer) => Promise<void>;

  constructor(write: (piece: Buffer) => Promise<void>) {
    super();
    this.#write = write;
  }

  async flush(): Promise<void> {
    const piece = Buffer.from(this.getBuffer());
    this.index = 0;
    await this.#write(piece);
  }

  override finish(): Promise<void> {
    return this.flush();
  }
}

/** An array on its way into a column: an item a row, or a list of items. */
class Column {
  readonly rows: number;
  readonly #type: (typeof TYPES)[string];
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
    this.#type = TYPES[header.descr] ?? TYPES["text"]!;
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  get type(): string {
    return this.#width === undefined ? this.#type.name : `list<${this.#type.name}>`;
  }

  /** A list has the three levels that the format asks for. Nothing is ever missing: arrays have NaN and empty texts there. */
  get schema(): SchemaElement[] {
    const { name: _, ...type } = this.#type;
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
