import type { FileHandle } from "node:fs/promises";

/** A piece on its way; a few of them are in memory at once, whatever the file's size. */
export const PIECE_BYTES = 256 * 1024;

/** The bytes of an open file from a place on, in pieces. Node's streams over a file handle end only with the handle. */
export async function* piecesOf(
  file: FileHandle,
  from = 0,
  length = Number.POSITIVE_INFINITY,
): AsyncGenerator<Buffer> {
  let left = length;
  for (let at = from; left > 0; ) {
    // A buffer of its own each time: whoever takes it may keep it.
    const wanted = Math.min(PIECE_BYTES, left);
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(wanted), 0, wanted, at);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
    left -= bytesRead;
  }
}

/** How many bytes come. */
export async function countBytes(pieces: AsyncIterable<Buffer>): Promise<number> {
  let bytes = 0;
  for await (const piece of pieces) bytes += piece.length;
  return bytes;
}
