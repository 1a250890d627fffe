import type { FileHandle } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createInflateRaw } from "node:zlib";
import { Zip, ZipDeflate } from "fflate";
import { packWith } from "./gzip-file.js";
import { type Packing, type PackJob, PackRefused } from "./packer.js";
import { countBytes, piecesOf } from "./pieces.js";
import { readZipDirectory, type ZipEntry } from "./zip-directory.js";

const LEVEL = 6;
const STORED = 0;
/** The earliest that ZIP knows; NumPy does not look. */
const MODIFIED = new Date(1980, 0, 1);

/**
 * Compresses the arrays inside an .npz file, as `np.savez_compressed` would have: `numpy.load` opens no `.npz.gz`.
 * https://numpy.org/doc/stable/reference/generated/numpy.savez_compressed.html
 */
export function packNpz(job: PackJob): Promise<Packing> {
  return packWith(job, async (input, output) => {
    const entries = await readZipDirectory(input);
    if (entries === undefined || entries.some(({ method }) => method !== STORED)) {
      throw new PackRefused("it is no .npz file with arrays that are stored as they are");
    }
    await deflateAll(input, output, entries);
    await compareWith(output, entries);
  });
}

async function deflateAll(
  input: FileHandle,
  output: FileHandle,
  entries: readonly ZipEntry[],
): Promise<void> {
  // fflate calls back before `push` and `end` return.
  let ready: Uint8Array[] = [];
  const zip = new Zip((error, piece) => {
    if (error) throw error;
    ready.push(piece);
  });
  const write = async () => {
    const pieces = ready;
    ready = [];
    for (const piece of pieces) await output.appendFile(piece);
  };
  for (const { name, bytes, dataAt } of entries) {
    const packed = new ZipDeflate(name, { level: LEVEL });
    packed.mtime = MODIFIED;
    zip.add(packed);
    for await (const piece of piecesOf(input, dataAt, bytes)) {
      packed.push(piece);
      await write();
    }
    packed.push(new Uint8Array(0), true);
    await write();
  }
  zip.end();
  await write();
}

/** The checksum over what was read must be the one that the file had, and what was written must give as many bytes. */
async function compareWith(output: FileHandle, entries: readonly ZipEntry[]): Promise<void> {
  const made = await readZipDirectory(output);
  for (const [at, { name, crc, bytes }] of entries.entries()) {
    const entry = made?.[at];
    const isSame =
      entry?.name === name &&
      entry.crc === crc &&
      entry.bytes === bytes &&
      (await pipeline(piecesOf(output, entry.dataAt, entry.packedBytes), createInflateRaw(), countBytes)) ===
        bytes;
    if (!isSame) throw new PackRefused(`its array ${name} would not be the same`);
  }
}
