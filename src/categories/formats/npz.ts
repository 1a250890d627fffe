import { Readable } from "node:stream";
import { ZipFile } from "yazl";
import { type NpyArray, npyHeader } from "./npy.js";

/**
 * The .npz format: a ZIP file (PKWARE APPNOTE 6.3) with one .npy file for each array, named as the array.
 * https://numpy.org/doc/stable/reference/generated/numpy.savez_compressed.html
 */

const OPTIONS = {
  // Text takes four bytes a character and compresses to little; more effort gains a few percent only.
  compressionLevel: 6,
  // The earliest that ZIP knows, and no other time: the same samples make the same file.
  mtime: new Date(1980, 0, 1),
  forceDosTimestamp: true,
};

/**
 * The bytes of an .npz file with these arrays: one array after the other, none of them whole in memory. They are compressed on
 * zlib's own threads. Arrays beyond 4 GB take ZIP64's records, which NumPy reads.
 */
export function npzStream(arrays: ReadonlyMap<string, NpyArray>): Readable {
  const zip = new ZipFile();
  const bytes = zip.outputStream as Readable;
  let array: Readable | undefined;
  zip.on("error", (error: Error) => bytes.destroy(error));
  // Whoever reads may have had enough: then the array's files are closed.
  bytes.on("close", () => array?.destroy());
  for (const [name, each] of arrays) {
    const header = npyHeader(each);
    const size = header.length + each.sizeBytes;
    zip.addReadStreamLazy(`${name}.npy`, { ...OPTIONS, size }, (done) => {
      array = Readable.from(npyPieces(header, each), { objectMode: false });
      array.on("error", (error) => bytes.destroy(error));
      done(undefined, array);
    });
  }
  zip.end();
  return bytes;
}

async function* npyPieces(header: Uint8Array, { pieces }: NpyArray): AsyncGenerator<Uint8Array> {
  yield header;
  yield* pieces();
}

/** An array's name as a path inside the ZIP file: separators and control characters become `_`. */
export function memberName(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
  return name.replace(/[/\\\u0000-\u001f\u007f]/g, "_");
}
