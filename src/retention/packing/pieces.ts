import type { FileHandle } from "node:fs/promises";

/** A piece on its way; a few of them are in memory at once, whatever the file's size. With 256 KB it takes a sixth longer. */
export const PIECE_BYTES = 1024 * 1024;

/**
 * The bytes of an open file in pieces, read one ahead into the same memory again and again: new memory for each kept the garbage
 * collector running. A whole piece holds until the next one is asked for, which a stream does when it has done with it; a shorter
 * one, for which a stream does not wait, is the reader's own.
 */
export async function* piecesOf(file: FileHandle): AsyncGenerator<Buffer> {
  const read = (memory: Buffer, at: number) => {
    const reading = file.read(memory, 0, PIECE_BYTES, at);
    // It may fail before anybody waits for it, which must not end the process; whoever waits hears of it.
    reading.catch(() => undefined);
    return reading;
  };
  let spare: Buffer = Buffer.allocUnsafe(PIECE_BYTES);
  let reading = read(Buffer.allocUnsafe(PIECE_BYTES), 0);
  try {
    for (let at = 0; ; ) {
      const { buffer, bytesRead } = await reading;
      if (bytesRead === 0) return;
      at += bytesRead;
      reading = read(spare, at);
      yield bytesRead === PIECE_BYTES ? buffer : Buffer.from(buffer.subarray(0, bytesRead));
      spare = buffer;
    }
  } finally {
    // Who breaks off closes the file next.
    await reading.catch(() => undefined);
  }
}

/** How many bytes come. */
export async function countBytes(pieces: AsyncIterable<Buffer>): Promise<number> {
  let bytes = 0;
  for await (const piece of pieces) bytes += piece.length;
  return bytes;
}
