import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";
import { constants, gunzipSync } from "node:zlib";
import { systemCode } from "../../../core/errors.js";

/** The first entry is in it: each of a message's 16,384 bytes can be an escape of six. */
const HEAD_BYTES = 128 * 1024;
/** So much of a compressed file is unpacked for that; sameness of the entry's part that it holds is enough. */
const PACKED_BYTES = 32 * 1024;

/** One file of a log, kept open: it can be read to its end when it was renamed or removed meanwhile. */
export class LogFile {
  readonly path: string;
  readonly inode: number;
  readonly compressed: boolean;
  /** Something that was printed before its first entry can no longer be had. */
  gapBefore = false;
  #fd: number | undefined;

  /** @throws what the system says: ENOENT, EACCES … */
  constructor(path: string) {
    this.path = path;
    this.compressed = path.endsWith(".gz");
    this.#fd = openSync(path, "r");
    this.inode = fstatSync(this.#fd).ino;
  }

  get fd(): number {
    if (this.#fd === undefined) throw new Error(`${this.path} was closed`);
    return this.#fd;
  }

  get bytes(): number {
    return fstatSync(this.fd).size;
  }

  /** It has no name any more: its blocks are kept for this process alone. */
  get removed(): boolean {
    return fstatSync(this.fd).nlink === 0;
  }

  /** When it was made, in milliseconds; Infinity on disks that don't know. */
  get madeMs(): number {
    return fstatSync(this.fd).birthtimeMs || Number.POSITIVE_INFINITY;
  }

  /** When it was written to, renamed or removed last, in milliseconds. */
  get changedMs(): number {
    return fstatSync(this.fd).ctimeMs;
  }

  /** What stands before an offset, at most so many bytes of it; less where the file is shorter. */
  bytesUpTo(offset: number, limit: number): Buffer {
    const bytes = Buffer.alloc(Math.min(offset, limit));
    return bytes.subarray(0, readSync(this.fd, bytes, 0, bytes.length, offset - bytes.length));
  }

  /** Whether the other one began with the same entry, whose time is its own: one of them may have been compressed meanwhile. */
  beginsAs(other: LogFile): boolean {
    const [one, two] = [this.#head(), other.#head()];
    const shared = Math.min(one.length, two.length);
    return shared > 0 && one.subarray(0, shared).equals(two.subarray(0, shared));
  }

  #head(): Buffer {
    const bytes = Buffer.alloc(this.compressed ? PACKED_BYTES : HEAD_BYTES);
    const have = bytes.subarray(0, readSync(this.fd, bytes, 0, bytes.length, 0));
    if (!this.compressed) return have;
    try {
      return gunzipSync(have, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, HEAD_BYTES);
    } catch {
      // Damaged: told when it is read.
      return Buffer.alloc(0);
    }
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }
}

/** Opens a log file; undefined when there is none of that name. */
export type OpenLogFile = (path: string) => LogFile | undefined;

export const openLogFile: OpenLogFile = (path) => {
  // Most names are free: to say so by an error takes ten times as long.
  if (!existsSync(path)) return undefined;
  try {
    return new LogFile(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
};
