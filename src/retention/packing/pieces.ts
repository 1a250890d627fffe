import type { FileHandle } from "node:fs/promises";

/** A piece on its way; a few of them are in memory at once, whatever the file's size. With 256 KB it takes a third longer. */
export const PIECE_BYTES = 1024 * 1024;

/** The bytes of an open file in pieces. Node's streams over a file handle end only with the handle. */
export async function* piecesOf(file: FileHandle): AsyncGenerator<Buffer> {
  for (let at = 0; ; ) {
    // A buffer of its own each time: whoever takes it may keep it.
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(PIECE_BYTES), 0, PIECE_BYTES, at);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

/** How many bytes come. */
export async function countBytes(pieces: AsyncIterable<Buffer>): Promise<number> {
  let bytes = 0;
  for await (const piece of pieces) bytes += piece.length;
  return bytes;
}
