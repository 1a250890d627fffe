import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { ByteWriter, type ColumnSource, ParquetWriter, type SchemaElement } from "hyparquet-writer";

const FILE_MODE = 0o640;
/** Rows that are in memory at once, and a row group of the file. */
export const GROUP_ROWS = 10_000;

/** A column as manifests tell of it. */
export interface ParquetColumn {
  readonly name: string;
  /** The field's type in words: `float`, `list<float>`, `string` … */
  readonly type: string;
}

export interface ColumnType {
  /** As Arrow calls it. */
  readonly name: string;
  readonly element: Pick<SchemaElement, "type" | "converted_type" | "logical_type">;
}

/** Physical and logical types (parquet-format, LogicalTypes.md). */
export const COLUMN_TYPES = {
  float: { name: "float", element: { type: "FLOAT" } },
  double: { name: "double", element: { type: "DOUBLE" } },
  int64: { name: "int64", element: { type: "INT64" } },
  uint64: { name: "uint64", element: { type: "INT64", converted_type: "UINT_64" } },
  bool: { name: "bool", element: { type: "BOOLEAN" } },
  text: { name: "string", element: { type: "BYTE_ARRAY", converted_type: "UTF8" } },
  /** Values are nanoseconds since 1970, as bigint. */
  time: {
    name: "timestamp[ns, tz=UTC]",
    element: { type: "INT64", logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "NANOS" } },
  },
} as const satisfies Record<string, ColumnType>;

export interface ParquetPlan {
  readonly path: string;
  readonly schema: SchemaElement[];
  /** Stands in the file's key-value metadata. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** An Apache Parquet file that is being written, row group by row group. */
export class ParquetFile {
  readonly #writer: ParquetWriter;

  private constructor(writer: ParquetWriter) {
    this.#writer = writer;
  }

  /** Opens the file, lets `fill` write its groups, and gives size and SHA-256 of the whole. */
  static async write(
    { path, schema, metadata }: ParquetPlan,
    fill: (file: ParquetFile) => Promise<void>,
  ): Promise<{ bytes: number; sha256: string }> {
    const file = await open(path, "w", FILE_MODE);
    try {
      const writer = new FileWriter(file);
      const parquet = new ParquetWriter({
        writer,
        schema,
        kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
        createdBy: "log-sidecar",
      });
      await fill(new ParquetFile(parquet));
      await parquet.finish();
      return writer.result();
    } finally {
      await file.close();
    }
  }

  async writeGroup(columnData: ColumnSource[], rows: number): Promise<void> {
    await this.#writer.write({ columnData, rowGroupSize: rows });
  }
}

/** What is written leaves memory behind each row group. */
class FileWriter extends ByteWriter {
  readonly #file: FileHandle;
  readonly #hash = createHash("sha256");
  #bytes = 0;

  constructor(file: FileHandle) {
    super();
    this.#file = file;
  }

  result(): { bytes: number; sha256: string } {
    return { bytes: this.#bytes, sha256: this.#hash.digest("hex") };
  }

  async flush(): Promise<void> {
    const piece = Buffer.from(this.getBuffer());
    this.index = 0;
    this.#hash.update(piece);
    this.#bytes += piece.length;
    await this.#file.writeFile(piece);
  }

  override finish(): Promise<void> {
    return this.flush();
  }
}
