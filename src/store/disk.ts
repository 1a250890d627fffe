import { constants, type Stats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { lstat, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { below, folderBelow, openBelow, readBelow } from "../core/below.js";
import { systemCode } from "../core/errors.js";
import { syncFolder } from "../core/sync-folder.js";

/** Where an open file is: at its path, under another name alone (somebody moved it), or without any. */
export type FilePlace = "here" | "elsewhere" | "nowhere";

/** One open file, written at known offsets only. */
export interface DiskFile {
  /** Writes all pieces one behind the other, or throws with some of their bytes written. */
  write(pieces: readonly Uint8Array[], position: number): Promise<void>;
  /** Returns when the bytes and the length are on the medium. */
  datasync(): Promise<void>;
  truncate(length: number): Promise<void>;
  /** Gives the file the mode of the store's files, 0640: somebody else made it. */
  restrict(): Promise<void>;
  stat(): Promise<{ readonly size: number; readonly place: FilePlace }>;
  close(): Promise<void>;
}

/**
 * All that the store asks of a file system. Paths are below the log folder, `""` is the log folder itself; links are not followed.
 * A port of its own because what survives a loss of power can be tested only on a disk that forgets what was not synced.
 */
export interface Disk {
  /** The path as other code (a finisher) opens it. */
  absolute(path: string): string;
  /** Makes a new file (0640); EEXIST when there is one. */
  create(path: string): Promise<DiskFile>;
  /** Opens an existing file for writing. Fails with one of `GONE` when there is none, or something else in its place. */
  open(path: string): Promise<DiskFile>;
  /** Bytes of a file; undefined when it is missing, or no file. */
  size(path: string): Promise<number | undefined>;
  /** The whole text of a file; undefined when it is missing. */
  read(path: string): Promise<string | undefined>;
  /** Names in a folder; none when it is missing. */
  list(folder: string): Promise<string[]>;
  /** Makes one folder (0750) whose parent exists; false when it was there. ENOTDIR when its name is taken by something else. */
  makeFolder(path: string): Promise<boolean>;
  rename(from: string, to: string): Promise<void>;
  /** Missing is as good as removed. */
  remove(path: string): Promise<void>;
  /** Returns when the names in the folder are on the medium. */
  syncFolder(path: string): Promise<void>;
}

/** Whatever stands at the path, it is not the file that was there. */
export const GONE: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR", "ELOOP", "EISDIR", "ENXIO"]);

const NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

export function realDisk(logDir: string): Disk {
  const at = <T>(path: string, work: (reach: string) => Promise<T>) => below(logDir, path, work);
  const look = (path: string) => at(path, (reach) => lstat(reach));
  const file = (path: string, handle: FileHandle) =>
    realFile(handle, {
      byName: () => unlessGone(lstat(join(logDir, path)), undefined),
      withoutLinks: () => unlessGone(look(path), undefined),
    });
  return {
    absolute: (path) => join(logDir, path),
    create: async (path) => file(path, await openBelow(logDir, path, NEW, 0o640)),
    open: async (path) => file(path, await openBelow(logDir, path, constants.O_RDWR)),
    async size(path) {
      const found = await unlessGone(look(path), undefined);
      return found?.isFile() === true ? found.size : undefined;
    },
    read: (path) => unlessMissing(readBelow(logDir, path), undefined),
    list: (folder) =>
      unlessGone(
        folderBelow(logDir, folder, (reach) => readdir(reach)),
        [],
      ),
    async makeFolder(path) {
      try {
        await at(path, (reach) => mkdir(reach, { mode: 0o750 }));
        return true;
      } catch (cause) {
        if (systemCode(cause) !== "EEXIST") throw cause;
        // Goes through the name, and fails where it is a link or a file.
        await folderBelow(logDir, path, (reach) => lstat(reach));
        return false;
      }
    },
    rename: (from, to) => at(from, (source) => at(to, (target) => rename(source, target))),
    remove: (path) => at(path, (reach) => rm(reach, { force: true })),
    syncFolder: (path) => folderBelow(logDir, path, syncFolder),
  };
}

/** What stands at a file's path by now. */
interface Looks {
  /** One call of the system. What is found is only compared, so a link on the way can lead to nothing but this very file. */
  byName(): Promise<Stats | undefined>;
  /** Some ten calls: see `below`. */
  withoutLinks(): Promise<Stats | undefined>;
}

function realFile(handle: FileHandle, looks: Looks): DiskFile {
  /** Seen in its place. */
  let own: Stats | undefined;
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
      const seen = own && (await looks.byName());
      if (seen !== undefined && isSame(seen, own)) return { size: seen.size, place: "here" };
      const [found, named] = await Promise.all([handle.stat(), looks.withoutLinks()]);
      own = isSame(found, named) ? found : undefined;
      return { size: found.size, place: found.nlink === 0 ? "nowhere" : own ? "here" : "elsewhere" };
    },
    close: () => handle.close(),
  };
}

function isSame(found: Stats, other: Stats | undefined): boolean {
  return found.ino === other?.ino && found.dev === other.dev;
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

function unlessMissing<T, U>(asked: Promise<T>, otherwise: U): Promise<T | U> {
  return unless((code) => code === "ENOENT", asked, otherwise);
}

function unlessGone<T, U>(asked: Promise<T>, otherwise: U): Promise<T | U> {
  return unless((code) => GONE.has(code), asked, otherwise);
}

async function unless<T, U>(fits: (code: string) => boolean, asked: Promise<T>, otherwise: U) {
  try {
    return await asked;
  } catch (cause) {
    if (fits(systemCode(cause) ?? "")) return otherwise;
    throw cause;
  }
}
