import { access } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import split2 from "split2";
import { below, openBelow } from "../core/below.js";
import { type SidecarError, systemCode } from "../core/errors.js";
import { ARCHIVE_FOLDER } from "../core/segment.js";
import { damageOf, emptyFile, type OnDamage } from "./damage.js";
import { plainPath, type SegmentFile } from "./segments.js";

export interface ReadOptions {
  /** Where the first line to read begins in the uncompressed text. */
  readonly startBytes?: number;
  /** How much is read ahead. */
  readonly aheadBytes?: number;
  /** Told where the file is damaged, and then no more lines come; without it that is thrown. */
  readonly onDamage?: OnDamage | undefined;
}

const AHEAD_BYTES = 256 * 1024;

/**
 * The lines of one segment, which may have been compressed or moved to the archive since it was listed; none when it was
 * deleted, and up to the damage where it is damaged. The open segment may be written to meanwhile: its last line may then be half there, and is left out.
 */
export async function* readLines(
  logDir: string,
  segment: SegmentFile,
  options: ReadOptions = {},
): AsyncGenerator<string> {
  const path = await findSegment(logDir, segment.path);
  if (path === undefined) return;
  const { startBytes = 0, aheadBytes = AHEAD_BYTES } = options;
  const { endBytes = Number.POSITIVE_INFINITY } = segment;
  if (endBytes <= startBytes) return;
  const isPacked = path.endsWith(".gz");
  // What is packed can only be read from its beginning.
  const range = isPacked ? {} : { start: startBytes, end: endBytes - 1 };
  const handle = await openBelow(logDir, path);
  if (isPacked && (await handle.stat()).size === 0) {
    await handle.close();
    return tell(emptyFile(path), options.onDamage);
  }
  const file = handle.createReadStream({ highWaterMark: aheadBytes, ...range });
  const lines = split2(/(?<=\n)/);
  const parts: [Readable, ...NodeJS.ReadWriteStream[]] = isPacked
    ? [file, createGunzip(), lines]
    : [file, lines];
  // The iterator below throws what went wrong; there is nothing left to do here.
  pipeline(parts, () => undefined);
  let at = isPacked ? 0 : startBytes;
  for await (const text of untilDamaged(lines, path, options.onDamage)) {
    if (at >= startBytes && text.endsWith("\n")) yield text.slice(0, -1);
    if (!isPacked) continue;
    at += Buffer.byteLength(text);
    if (at >= endBytes) return;
  }
}

/** @throws SidecarError FILE_DAMAGED where nobody is to be told. */
async function* untilDamaged(
  lines: AsyncIterable<unknown>,
  path: string,
  onDamage: OnDamage | undefined,
): AsyncGenerator<string> {
  try {
    for await (const line of lines) yield String(line);
  } catch (cause) {
    const damage = damageOf(path, cause);
    if (damage === undefined) throw cause;
    tell(damage, onDamage);
  }
}

function tell(damage: SidecarError, onDamage: OnDamage | undefined): void {
  if (onDamage === undefined) throw damage;
  onDamage(damage);
}

/** Where a segment that was listed under a path is now, below the log folder; undefined when it is gone. */
export async function findSegment(logDir: string, listed: string): Promise<string | undefined> {
  const plain = plainPath(listed);
  const archived = join(ARCHIVE_FOLDER, plain);
  for (const path of [listed, plain, `${plain}.gz`, archived, `${archived}.gz`]) {
    try {
      await below(logDir, path, (reach) => access(reach));
      return path;
    } catch (cause) {
      // An archive that is a link has nothing of ours.
      if (systemCode(cause) !== "ENOENT" && systemCode(cause) !== "ENOTDIR") throw cause;
    }
  }
  return undefined;
}
