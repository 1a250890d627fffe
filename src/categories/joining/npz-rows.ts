import type { NpyHeader } from "../formats/npy-header.js";
import { codecOf } from "../formats/npy-items.js";
import type { NpzFile } from "../formats/npz-reader.js";
import { rowShape } from "./npz-layout.js";

export interface RowsRequest {
  readonly name: string;
  /** The type that the items are to have. */
  readonly to: NpyHeader;
  /** The output of each row. */
  readonly outputs: Int8Array;
  /** The output whose rows are wanted. */
  readonly output: number;
}

/** The bytes of an array's rows that belong to one output, in pieces; items of another type are written as those of `to`. */
export async function* selectedRows(
  file: NpzFile,
  { name, to, outputs, output }: RowsRequest,
): AsyncGenerator<Buffer> {
  const from = await file.header(name);
  const items = rowShape(from).reduce((product, length) => product * length, 1);
  const rowBytes = items * codecOf(from.descr).itemBytes;
  let row = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of file.data(name)) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    const rows = rowBytes === 0 ? 0 : Math.floor(bytes.length / rowBytes);
    const kept = pickRows(bytes, { rowBytes, outputs: outputs.subarray(row, row + rows), output });
    if (kept.length > 0) yield from.descr === to.descr ? kept : convert(kept, from.descr, to.descr);
    row += rows;
    rest = bytes.subarray(rows * rowBytes);
  }
  if (row !== outputs.length || rest.length > 0)
    throw new Error(`its array ${name} has not the shape it names`);
}

function pickRows(
  bytes: Buffer,
  { rowBytes, outputs, output }: { rowBytes: number; outputs: Int8Array; output: number },
): Buffer {
  let count = 0;
  for (const each of outputs) if (each === output) count += 1;
  if (count === outputs.length) return bytes.subarray(0, count * rowBytes);
  const picked = Buffer.allocUnsafe(count * rowBytes);
  let at = 0;
  for (const [row, each] of outputs.entries()) {
    if (each !== output) continue;
    at += bytes.copy(picked, at, row * rowBytes, (row + 1) * rowBytes);
  }
  return picked;
}

function convert(bytes: Buffer, from: string, to: string): Buffer {
  const [reading, writing] = [codecOf(from), codecOf(to)];
  const count = bytes.length / reading.itemBytes;
  const converted = Buffer.alloc(count * writing.itemBytes);
  for (let item = 0; item < count; item += 1) {
    writing.write(converted, item * writing.itemBytes, reading.read(bytes, item * reading.itemBytes));
  }
  return converted;
}
