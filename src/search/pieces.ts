import type { FileHandle } from "node:fs/promises";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { openBelow } from "../core/below.js";
import { damageOf } from "../reading/damage.js";
import { readBytes } from "../reading/read-bytes.js";
import type { SegmentFile } from "../reading/segments.js";

/** Whole lines of a segment, and where the first of them begins in its uncompressed text. */
export interface Piece {
  readonly bytes: Buffer;
  readonly at: number;
}

const PIECE_BYTES = 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;
const LINE_END = 0x0a;

/**
 * An uncompressed segment from its end to its beginning, so that the newest of a large file cost no more than those of a small one. The next
 * piece is read while one is looked at. A last line without its end is left out: it is being written.
 */
export async function* piecesBack(logDir: string, { path, endBytes }: SegmentFile): AsyncGenerator<Piece> {
  const file = await openBelow(logDir, path);
  try {
    const size = endBytes ?? (await file.stat()).size;
    let next = readPieceBack(file, size, true);
    for (let piece = await next; piece !== undefined; piece = await next) {
      next = readPieceBack(file, piece.at, false);
      // What fails while nobody waits is thrown when it is waited for.
      next.catch(() => undefined);
      yield piece;
    }
  } finally {
    await file.close();
  }
}

/** The whole lines that end at `end`: at least one, however long it is; undefined where there are none. */
async function readPieceBack(file: FileHandle, end: number, isLast: boolean): Promise<Piece | undefined> {
  for (let length = PIECE_BYTES; end > 0; length *= 2) {
    const start = Math.max(0, end - length);
    const bytes = await readBytes(file, start, end);
    const stop = isLast ? bytes.lastIndexOf(LINE_END) + 1 : bytes.length;
    const border = start === 0 ? 0 : bytes.indexOf(LINE_END) + 1;
    if (border < stop && (border > 0 || start === 0))
      return { bytes: bytes.subarray(border, stop), at: start + border };
    if (start === 0) return undefined;
  }
  return undefined;
}

export interface ForwardOptions {
  /** Where an uncompressed segment's first line to read begins. */
  readonly startBytes?: number;
}

/** A segment from its beginning, which is the only way through a compressed one. A last line without its end is left out. */
export async function* piecesForward(
  logDir: string,
  { path, endBytes }: SegmentFile,
  { startBytes = 0 }: ForwardOptions = {},
): AsyncGenerator<Piece> {
  const handle = await openBelow(logDir, path);
  const file = handle.createReadStream({ highWaterMark: CHUNK_BYTES, start: startBytes });
  const chunks = path.endsWith(".gz") ? createGunzip({ chunkSize: CHUNK_BYTES }) : undefined;
  if (chunks !== undefined) pipeline(file, chunks, () => undefined);
  let at = startBytes;
  let rest: Buffer[] = [];
  try {
    for await (const chunk of (chunks ?? file) as AsyncIterable<Buffer>) {
      const border = chunk.lastIndexOf(LINE_END) + 1;
      if (border === 0) {
        rest.push(chunk);
        continue;
      }
      const bytes = Buffer.concat([...rest, chunk.subarray(0, border)]);
      yield { bytes, at };
      at += bytes.length;
      rest = border < chunk.length ? [chunk.subarray(border)] : [];
      if (endBytes !== undefined && at >= endBytes) return;
    }
  } catch (cause) {
    throw damageOf(path, cause) ?? cause;
  } finally {
    file.destroy();
    chunks?.destroy();
  }
}
