import type { FileHandle } from "node:fs/promises";

/** One file inside a ZIP file. */
export interface ZipEntry {
  readonly name: string;
  /** 0: stored as it is; 8: deflated. */
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly sizeBytes: number;
  /** Where its local header stands in the ZIP file. */
  readonly offset: number;
}

/** Signatures and lengths of PKWARE's APPNOTE 6.3, section 4.3. */
const END = { signature: 0x06054b50, bytes: 22, mostCommentBytes: 0xffff } as const;
const LOCATOR_64 = { signature: 0x07064b50, bytes: 20 } as const;
const END_64 = { signature: 0x06064b50, bytes: 56 } as const;
const ENTRY = { signature: 0x02014b50, bytes: 46 } as const;
const LOCAL = { signature: 0x04034b50, bytes: 30 } as const;
const EXTRA_64 = 1;
const IN_EXTRA = 0xffff_ffff;

/** The entries that a ZIP file's central directory names. Throws when it is no ZIP file, or one that was cut. */
export async function readZipDirectory(file: FileHandle): Promise<ZipEntry[]> {
  const { size } = await file.stat();
  const tail = await readAt(file, Math.max(0, size - END.bytes - END.mostCommentBytes), size);
  const at = tail.lastIndexOf(signatureBytes(END.signature));
  if (at < 0 || at + END.bytes > tail.length) throw new Error("it is no whole ZIP file");
  const [start, length] =
    (await directory64(file, size - tail.length + at)) ??
    ([tail.readUInt32LE(at + 16), tail.readUInt32LE(at + 12)] as const);
  return entriesOf(await readAt(file, start, start + length));
}

/** Where an entry's bytes begin: its local header has an extra field of its own length. */
export async function startOfEntry(file: FileHandle, { name, offset }: ZipEntry): Promise<number> {
  const header = await readAt(file, offset, offset + LOCAL.bytes);
  if (header.readUInt32LE(0) !== LOCAL.signature) throw new Error(`${name} is not where the directory says`);
  return offset + LOCAL.bytes + header.readUInt16LE(26) + header.readUInt16LE(28);
}

/** Start and length of the directory of a file with ZIP64 records. */
async function directory64(file: FileHandle, endAt: number): Promise<readonly [number, number] | undefined> {
  if (endAt < LOCATOR_64.bytes) return undefined;
  const locator = await readAt(file, endAt - LOCATOR_64.bytes, endAt);
  if (locator.readUInt32LE(0) !== LOCATOR_64.signature) return undefined;
  const at = Number(locator.readBigUInt64LE(8));
  const end = await readAt(file, at, at + END_64.bytes);
  if (end.readUInt32LE(0) !== END_64.signature) throw new Error("its ZIP64 directory is broken");
  return [Number(end.readBigUInt64LE(48)), Number(end.readBigUInt64LE(40))];
}

function entriesOf(bytes: Buffer): ZipEntry[] {
  const entries: ZipEntry[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + ENTRY.bytes > bytes.length || bytes.readUInt32LE(at) !== ENTRY.signature)
      throw new Error("its ZIP directory is broken");
    const nameEnd = at + ENTRY.bytes + bytes.readUInt16LE(at + 28);
    const extraEnd = nameEnd + bytes.readUInt16LE(at + 30);
    const [sizeBytes, packedBytes, offset] = largeValues(
      [bytes.readUInt32LE(at + 24), bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 42)],
      bytes.subarray(nameEnd, extraEnd),
    );
    entries.push({
      name: bytes.toString("utf8", at + ENTRY.bytes, nameEnd),
      method: bytes.readUInt16LE(at + 10),
      crc: bytes.readUInt32LE(at + 16),
      packedBytes,
      sizeBytes,
      offset,
    });
    at = extraEnd + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

/** Values that don't fit 32 bits stand in the extra field, in this order, and only they. */
function largeValues(values: [number, number, number], extra: Buffer): [number, number, number] {
  for (let at = 0; at + 4 <= extra.length; ) {
    const length = extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === EXTRA_64) {
      let from = at + 4;
      return values.map((value) => {
        if (value !== IN_EXTRA) return value;
        from += 8;
        return Number(extra.readBigUInt64LE(from - 8));
      }) as [number, number, number];
    }
    at += 4 + length;
  }
  return values;
}

async function readAt(file: FileHandle, start: number, end: number): Promise<Buffer> {
  const bytes = Buffer.alloc(end - start);
  const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
  if (bytesRead < bytes.length) throw new Error("it ends too early");
  return bytes;
}

function signatureBytes(signature: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(signature);
  return bytes;
}
