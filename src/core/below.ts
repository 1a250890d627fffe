import { constants, existsSync } from "node:fs";
import { type FileHandle, lstat, open } from "node:fs/promises";
import { basename, dirname, join, normalize } from "node:path";

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
