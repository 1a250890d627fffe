import { Zip, ZipDeflate } from "fflate";
import { type NpyArray, npyHeader } from "./npy.js";

/**
 * The .npz format: a ZIP file (PKWARE APPNOTE 6.3) with one .npy file for each array, named as the array.
 * https://numpy.org/doc/stable/reference/generated/numpy.savez_compressed.html
 */

/** fflate writes no ZIP64, so sizes and offsets must fit 32 bits. Headers are left generous room. */
const LIMIT_BYTES = 0xffff_ffff - 0x100_0000;
/** Text takes four bytes a character and compresses to little; more effort gains a few percent only. */
const LEVEL = 6;
/** The earliest that ZIP knows. A fixed time makes the same samples the same file. */
const MODIFIED = new Date(1980, 0, 1);

/** Bytes of an .npz file with these arrays, in pieces: one array after the other, none of them whole in memory. */
export async function* npzPieces(arrays: ReadonlyMap<string, NpyArray>): AsyncGenerator<Uint8Array> {
  let totalBytes = 0;
  for (const { sizeBytes } of arrays.values()) totalBytes += sizeBytes;
  if (totalBytes > LIMIT_BYTES) {
    throw new RangeError(`an .npz file takes 4 GB at most, these samples are ${totalBytes} bytes`);
  }
  // fflate calls back before `push` and `end` return.
  const ready: Uint8Array[] = [];
  const zip = new Zip((error, piece) => {
    if (error) throw error;
    ready.push(piece);
  });
  for (const [name, array] of arrays) {
    const file = new ZipDeflate(`${name}.npy`, { level: LEVEL });
    file.mtime = MODIFIED;
    zip.add(file);
    file.push(npyHeader(array));
    for await (const piece of array.pieces()) {
      file.push(piece);
      yield* ready.splice(0);
    }
    file.push(new Uint8Array(0), true);
    yield* ready.splice(0);
  }
  zip.end();
  yield* ready.splice(0);
}

/** An array's name as a path inside the ZIP file: separators and control characters become `_`. */
export function memberName(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
  return name.replace(/[/\\\u0000-\u001f\u007f]/g, "_");
}
