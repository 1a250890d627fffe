import { constants, existsSync } from "node:fs";
import { type FileHandle, lstat, mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join, normalize } from "node:path";
import { systemCode } from "./errors.js";

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
/** What is no file (a FIFO waits for ever for its other end) is opened at once and refused afterwards. */
const FILE = constants.O_NOFOLLOW | constants.O_NONBLOCK;
/** Linux: what is named there is reached through the open folder, whatever its name leads to by now. */
const OPEN_FOLDERS = "/proc/self/fd";
const hasOpenFolders = existsSync(OPEN_FOLDERS);

/** Whether a path as it stands in a file of ours stays below the folder that it is meant for. */
export function isBelow(path: string): boolean {
  return path !== "" && normalize(path) === path && !/^(?:\/|\.\.?(?:\/|$))|\/$|\0/.test(path);
}

/**
 * Does `work` with a way to the folder `path` below `root` on which no link is followed: each folder is held open and the next one
 * opened through it, so that nobody can put a link in between. `root` itself may be a link: that is its user's choice.
 * `""` is the root. A walk takes some 70 µs. Where there is no /proc each part is looked at before.
 * @throws ENOTDIR for a part that is a link or no folder; the system's errors name the real path.
 */
export async function folderBelow<T>(
  root: string,
  path: string,
  work: (reach: string) => Promise<T>,
): Promise<T> {
  if (path !== "" && !isBelow(path)) throw refusal("EINVAL", `does not stay below ${root}`, path);
  const parts = path === "" ? [] : path.split("/");
  if (!hasOpenFolders) return work(await lookedAt(root, parts));
  let folder: FileHandle | undefined;
  try {
    folder = await open(root, FOLDER & ~constants.O_NOFOLLOW);
    for (const part of parts) {
      const next: FileHandle = await open(`${OPEN_FOLDERS}/${folder.fd}/${part}`, FOLDER);
      await folder.close();
      folder = next;
    }
    return await work(`${OPEN_FOLDERS}/${folder.fd}`);
  } catch (cause) {
    throw named(cause, join(root, path));
  } finally {
    await folder?.close();
  }
}

/** The same for what stands in a folder and may be missing: the last part is `work`'s to open or change, without following it. */
export function below<T>(root: string, path: string, work: (reach: string) => Promise<T>): Promise<T> {
  if (path === "") return work(root);
  const parent = dirname(path);
  return folderBelow(root, parent === "." ? "" : parent, (reach) => work(`${reach}/${basename(path)}`));
}

/** Opens a regular file below `root`, whatever stands in its place by now. @throws ENXIO for anything but a file. */
export function openBelow(
  root: string,
  path: string,
  flags: number = constants.O_RDONLY,
  mode?: number,
): Promise<FileHandle> {
  return below(root, path, async (reach) => {
    const file = await open(reach, flags | FILE, mode);
    try {
      if ((await file.stat()).isFile()) return file;
      throw refusal("ENXIO", "is no file", join(root, path));
    } catch (cause) {
      await file.close();
      throw cause;
    }
  });
}

/** The text of a regular file below `root`. @throws ENXIO for anything but a file: a FIFO in its place is not waited for. */
export async function readBelow(root: string, path: string): Promise<string> {
  const file = await openBelow(root, path);
  try {
    return await file.readFile("utf8");
  } finally {
    await file.close();
  }
}

/** Makes a folder below `root`, and those above it that are missing. @throws ENOTDIR where a link or a file stands on the way. */
export async function makeFolderBelow(root: string, path: string): Promise<void> {
  const parts = path.split("/");
  for (const [index] of parts.entries()) {
    try {
      await below(root, parts.slice(0, index + 1).join("/"), (reach) => mkdir(reach, { mode: 0o750 }));
    } catch (cause) {
      // What it is is seen when something is done in it.
      if (systemCode(cause) !== "EEXIST") throw cause;
    }
  }
}

/**
 * Puts a file in the place of the one below `root`, whole or not at all: under another name first, then by a rename. Whatever stands
 * under that other name by now is removed and made anew, and neither a link there nor one on the way is followed: whoever shares the volume could
 * have a file emptied by it. `isDurable`: synced before it has its name. @throws ENOTDIR and the system's own errors.
 */
export function replaceBelow(
  root: string,
  path: string,
  content: string | Uint8Array,
  { isDurable = false }: { readonly isDurable?: boolean } = {},
): Promise<void> {
  return below(root, path, async (reach) => {
    const temporary = `${reach}.new`;
    await rm(temporary, { recursive: true, force: true });
    const file = await open(temporary, "wx", 0o640);
    try {
      await file.writeFile(content);
      if (isDurable) await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, reach);
  });
}

async function lookedAt(root: string, folders: readonly string[]): Promise<string> {
  let path = root;
  for (const part of folders) {
    path = join(path, part);
    if (!(await lstat(path)).isDirectory()) throw refusal("ENOTDIR", "is no folder", path);
  }
  return path;
}

/** With the number that tells an error of the system from one of ours. */
function refusal(code: string, why: string, path: string): Error {
  return Object.assign(new Error(`${code}: '${path}' ${why}`), { code, errno: -1, path });
}

/** The system names the way that was taken: `/proc/self/fd/23/web`. */
function named(cause: unknown, path: string): unknown {
  if (!(cause instanceof Error) || !cause.message.includes(OPEN_FOLDERS)) return cause;
  cause.message = cause.message.replace(/'\/proc\/self\/fd\/[^']*'/, `'${path}'`);
  return cause;
}
