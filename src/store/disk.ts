import type { FileHandle } from "node:fs/promises";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { systemCode } from "../core/errors.js";
import { syncFolder } from "../core/sync-folder.js";

/** One open file, written at known offsets only. */
export interface DiskFile {
  /** Writes all pieces one behind the other, or throws with some of their bytes written. */
  write(pieces: readonly Uint8Array[], position: number): Promise<void>;
  /** Returns when the bytes and the length are on the medium. */
  datasync(): Promise<void>;
  truncate(length: number): Promise<void>;
  /** Gives the file the mode of the store's files, 0640: somebody else made it. */
  restrict(): Promise<void>;
  /** `linked` is false once the file's last name was removed. */
  stat(): Promise<{ readonly size: number; readonly linked: boolean }>;
  close(): Promise<void>;
}

/**
 * All that the store asks of a file system. Paths are below the log folder, `""` is the log folder itself.
 * A port of its own because what survives a loss of power can be tested only on a disk that forgets what was not synced.
 */
export interface Disk {
  /** The path as other code (a finisher) opens it. */
  absolute(path: string): string;
  /** Makes a new file (0640); EEXIST when there is one. */
  create(path: string): Promise<DiskFile>;
  /** Opens an existing file for writing. */
  open(path: string): Promise<DiskFile>;
  /** Bytes of a file; undefined when it is missing. */
  size(path: string): Promise<number | undefined>;
  /** The whole text of a file; undefined when it is missing. */
  read(path: string): Promise<string | undefined>;
  /** Names in a folder; none when it is missing. */
  list(folder: string): Promise<string[]>;
  /** Makes one folder (0750) whose parent exists; false when it was there. */
  makeFolder(path: string): Promise<boolean>;
  rename(from: string, to: string): Promise<void>;
  /** Missing is as good as removed. */
  remove(path: string): Promise<void>;
  /** Returns when the names in the folder are on the medium. */
  syncFolder(path: string): Promise<void>;
}

export function realDisk(logDir: string): Disk {
  const at = (path: string) => join(logDir, path);
  return {
    absolute: at,
    create: async (path) => realFile(await open(at(path), "wx", 0o640)),
    open: async (path) => realFile(await open(at(path), "r+")),
    size: (path) =>
      unlessMissing(
        stat(at(path)).then((found) => found.size),
        undefined,
      ),
    read: (path) => unlessMissing(readFile(at(path), "utf8"), undefined),
    list: (folder) => unlessMissing(readdir(at(folder)), []),
    async makeFolder(path) {
      try {
        await mkdir(at(path), { mode: 0o750 });
        return true;
      } catch (cause) {
        if (systemCode(cause) === "EEXIST") return false;
        throw cause;
      }
    },
    rename: (from, to) => rename(at(from), at(to)),
    remove: (path) => rm(at(path), { force: true }),
    syncFolder: (path) => syncFolder(at(path)),
  };
}

function realFile(handle: FileHandle): DiskFile {
  return {
    async write(pieces, position) {
      let [rest, at] = [pieces, position];
      // A disk that fills up takes a part without an error and refuses the rest at the next call.
      while (rest.length > 0) {
        const { bytesWritten } = await handle.writev(rest, at);
        rest = behind(rest, bytesWritten);
        at += bytesWritten;
      }
    },
    datasync: () => handle.datasync(),
    truncate: (length) => handle.truncate(length),
    restrict: () => handle.chmod(0o640),
    async stat() {
      const found = await handle.stat();
      return { size: found.size, linked: found.nlink > 0 };
    },
    close: () => handle.close(),
  };
}

/** What is left of pieces of which so many bytes are written. */
function behind(pieces: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let left = bytes;
  for (const [index, piece] of pieces.entries()) {
    if (left < piece.length) return [piece.subarray(left), ...pieces.slice(index + 1)];
    left -= piece.length;
  }
  return [];
}

async function unlessMissing<T, U>(asked: Promise<T>, otherwise: U): Promise<T | U> {
  try {
    return await asked;
  } catch (cause) {
    if (systemCode(cause) === "ENOENT") return otherwise;
    throw cause;
  }
}
