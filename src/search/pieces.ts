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

const PIECE_BYTES = 512 * 1024;
const CHUNK_BYTES = 256 * 1024;
const LINE_END = 0x0a;

/**
 * An uncompressed segment from its end to its beginning, so that the newest of a large file cost no more than those of a small one. The next
 * piece is read while one is looked at, which holds only until then. A last line without its end is left out: it is being written.
 */
export async function* piecesBack(
  logDir: string,
  { path, startBytes = 0, endBytes }: SegmentFile,
  pieceBytes = PIECE_BYTES,
): AsyncGenerator<Piece> {
  const file = await openBelow(logDir, path);
  let next: Promise<Piece | undefined> | undefined;
  try {
    const size = endBytes ?? (await file.stat()).size;
    // Used in turns: new memory for each piece would have the kernel clear as many bytes as are read.
    const memoryBytes = Math.min(pieceBytes, Math.max(1, size - startBytes));
    let [memory, other] = [Buffer.allocUnsafeSlow(memoryBytes), Buffer.allocUnsafeSlow(memoryBytes)];
    next = readPieceBack({ file, begin: startBytes, end: size, isLast: true, memory });
    for (let piece = await next; piece !== undefined; piece = await next) {
      [memory, other] = [other, memory];
      next = readPieceBack({ file, begin: startBytes, end: piece.at, isLast: false, memory });
      // What fails while nobody waits is thrown when it is waited for.
      next.catch(() => undefined);
      yield piece;
    }
  } finally {
    // Else it would read from whatever is opened under the file's number next.
    await next?.catch(() => undefined);
    await file.close();
  }
}

interface PieceBack {
  readonly file: FileHandle;
  /** Where the first line begins. */
  readonly begin: number;
  readonly end: number;
  /** Whether what ends there is the file, whose last line may be half there. */
  readonly isLast: boolean;
  readonly memory: Buffer;
}

/** The whole lines behind `begin` that end at `end`: at least one, however long it is; undefined where there are none. */
async function readPieceBack(piece: PieceBack): Promise<Piece | undefined> {
  const { file, begin, end, isLast, memory } = piece;
  for (let length = memory.length; end > begin; length *= 2) {
    const start = Math.max(begin, end - length);
    const bytes = await readBytes(file, start, end, length > memory.length ? undefined : memory);
    const stop = isLast ? bytes.lastIndexOf(LINE_END) + 1 : bytes.length;
    const border = start === begin ? 0 : bytes.indexOf(LINE_END) + 1;
    if (border < stop && (border > 0 || start === begin))
      return { bytes: bytes.subarray(border, stop), at: start + border };
    if (start === begin) return undefined;
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
      // Only the line that began in the chunk before is copied.
      const first = rest.length === 0 ? 0 : chunk.indexOf(LINE_END) + 1;
      for (const bytes of [
        Buffer.concat([...rest, chunk.subarray(0, first)]),
        chunk.subarray(first, border),
      ]) {
        if (bytes.length === 0) continue;
        yield { bytes, at };
        at += bytes.length;
      }
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
