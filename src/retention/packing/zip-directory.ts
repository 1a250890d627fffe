import type { FileHandle } from "node:fs/promises";

/** One file in a ZIP file's central directory (PKWARE APPNOTE 6.3, 4.3.12). */
export interface ZipEntry {
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
  /** Where its bytes begin, behind the local header. */
  readonly dataAt: number;
}

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
/** Sizes and offsets of this value stand in ZIP64 fields, which this does not read. */
const ELSEWHERE = 0xffff_ffff;

/**
 * The directory of a ZIP file without a comment, as NumPy writes them; undefined for anything else.
 */
export async function readZipDirectory(file: FileHandle): Promise<ZipEntry[] | undefined> {
  const { size } = await file.stat();
  if (size < END_BYTES) return undefined;
  const end = await readAt(file, size - END_BYTES, END_BYTES);
  if (end.readUInt32LE(0) !== END_SIGNATURE) return undefined;
  const count = end.readUInt16LE(10);
  const directory = await readAt(file, end.readUInt32LE(16), end.readUInt32LE(12));
  const entries: ZipEntry[] = [];
  for (let at = 0; entries.length < count; ) {
    if (at + ENTRY_BYTES > directory.length || directory.readUInt32LE(at) !== ENTRY_SIGNATURE)
      return undefined;
    const nameBytes = directory.readUInt16LE(at + 28);
    const packedBytes = directory.readUInt32LE(at + 20);
    const bytes = directory.readUInt32LE(at + 24);
    const localAt = directory.readUInt32LE(at + 42);
    if ([packedBytes, bytes, localAt].includes(ELSEWHERE)) return undefined;
    const local = await readAt(file, localAt, LOCAL_BYTES);
    entries.push({
      name: directory.toString("utf8", at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes),
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      packedBytes,
      bytes,
      dataAt: localAt + LOCAL_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28),
    });
    at += ENTRY_BYTES + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return bytesRead === length ? buffer : Buffer.alloc(length);
}
