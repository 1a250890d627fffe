import { constants, type Stats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { type Packer, type Packing, type PackJob, PackRefused } from "./packer.js";
import { countBytes, PIECE_BYTES, piecesOf } from "./pieces.js";

/** The middle that gzip itself takes by default. */
const LEVEL = 6;
/** Twice the memory of the default, a few percent less time. */
const MOST_MEMORY = 9;
/** Until it has the mode of its source. */
const FILE_MODE = 0o600;
const PERMISSIONS = 0o777;
/** The threads on which Node compresses and reads files, unless UV_THREADPOOL_SIZE says otherwise. */
const USUAL_THREADS = 4;
const threads = Number(process.env["UV_THREADPOOL_SIZE"]) || USUAL_THREADS;

/**
 * Compresses as RFC 1952 has it, and reads the result back before it says that it is done. zlib's work is done on Node's own
 * threads, so that collecting is not held up by it (around them, threads with an event loop of their own took a third more time).
 * One file more than there are cores, for while one waits for the disk; and a thread stays free for the store.
 */
export const gzipPacker: Packer = {
  width: Math.max(1, Math.min(threads - 1, availableParallelism() + 1)),
  pack: (job) => packWith(job, zip),
};

/** Packs by `work`. The source must stay as it is meanwhile; the result has its times, mode and owner and is on the medium. */
export async function packWith(
  { source, target, signal }: PackJob,
  work: (input: FileHandle, output: FileHandle, signal?: AbortSignal) => Promise<void>,
): Promise<Packing> {
  const input = await open(source, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const before = await input.stat();
    const output = await open(target, "wx+", FILE_MODE);
    try {
      await work(input, output, signal);
      const after = await input.stat();
      if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) {
        throw new PackRefused("somebody wrote to the file meanwhile");
      }
      await dress(output, before);
      await output.sync();
      return { plainBytes: before.size, packedBytes: (await output.stat()).size };
    } finally {
      await output.close();
    }
  } finally {
    await input.close();
  }
}

async function zip(input: FileHandle, output: FileHandle, signal?: AbortSignal): Promise<void> {
  const write = async (pieces: AsyncIterable<Buffer>) => {
    for await (const piece of pieces) await output.appendFile(piece);
  };
  const zipped = createGzip({ level: LEVEL, memLevel: MOST_MEMORY, chunkSize: PIECE_BYTES });
  await pipeline(piecesOf(input), zipped, write, { signal });
  const { size } = await input.stat();
  // The checksum, made of what was read, is compared on the way.
  const unzipped = createGunzip({ chunkSize: PIECE_BYTES });
  if ((await pipeline(piecesOf(output), unzipped, countBytes, { signal })) !== size)
    throw new PackRefused("the compressed file does not give back its bytes");
}

/** Time, owner and mode of the file that it replaces. */
async function dress(output: FileHandle, { atime, mtime, uid, gid, mode }: Stats): Promise<void> {
  await output.utimes(atime, mtime);
  // Root alone can give files away; anybody else makes them under the same user as the sidecar does.
  if (process.geteuid?.() === 0) await output.chown(uid, gid);
  await output.chmod(mode & PERMISSIONS);
}
