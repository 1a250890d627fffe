import { randomBytes } from "node:crypto";
import { access, constants, lstat, mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { SidecarError, systemCode } from "../core/errors.js";
import { CATEGORIES } from "../core/record.js";
import { ARCHIVE_FOLDER } from "../core/segment.js";
import { syncFolder } from "../core/sync-folder.js";
import { realDisk } from "./disk.js";
import { STAGED_FOLDER, STORE_FOLDER, TEMPORARY_FOLDER } from "./places.js";

/** What a person has to mend; everything else (a full disk) may pass. */
const REFUSALS = new Set(["EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST", "ENOENT"]);

/**
 * Makes the log folder and the store's own in it, and tries whether they can be written.
 * @throws SidecarError LOG_DIR_UNWRITABLE with uid, gid, owner, mode and the command that mends it.
 */
export async function prepareVolume(folder: string): Promise<void> {
  const logDir = resolve(folder);
  let path = logDir;
  try {
    await makeFolder(logDir);
    for (const own of [STORE_FOLDER, STAGED_FOLDER, TEMPORARY_FOLDER]) {
      path = join(logDir, own);
      await refuseOther(path);
      await makeFolder(path);
    }
    await syncNames(logDir);
    for (const own of ["", STAGED_FOLDER, TEMPORARY_FOLDER]) {
      path = join(logDir, own);
      await tryWriting(path);
    }
    for (const top of [...CATEGORIES, ARCHIVE_FOLDER]) {
      path = join(logDir, top);
      // An archive elsewhere is retention's matter, which says so and moves nothing there.
      if (top !== ARCHIVE_FOLDER) await refuseOther(path);
      await tryEntering(path);
    }
  } catch (cause) {
    if (!REFUSALS.has(systemCode(cause) ?? "")) throw cause;
    throw await unwritable(logDir, path, cause);
  }
}

/** As `mkdir` with `recursive`, which goes on for ever where the file system (`/proc`) makes nothing and says ENOENT. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o750 });
  } catch (cause) {
    if (await isFolder(path)) return;
    if (systemCode(cause) !== "ENOENT" || (await isFolder(dirname(path)))) throw cause;
    await makeFolder(dirname(path));
    await makeFolder(path);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** The folders made above outlast a loss of power. The one that holds the log folder may be closed to us: then it is not new. */
async function syncNames(logDir: string): Promise<void> {
  await realDisk(logDir).syncFolder("");
  try {
    await syncFolder(dirname(logDir));
  } catch (cause) {
    if (!REFUSALS.has(systemCode(cause) ?? "")) throw cause;
  }
}

/** A link would lead what is written to where nobody meant it to go. */
async function refuseOther(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined || found.isDirectory()) return;
  const what = found.isSymbolicLink() ? "a link" : "no folder";
  throw new SidecarError(
    "LOG_DIR_UNWRITABLE",
    `${path} stands where a folder of the log volume belongs, and is ${what}`,
    {
      remedy: "Move it away. To keep this folder on another disk, mount that disk there.",
    },
  );
}

const PROBE = /^\.sidecar-probe-[0-9a-f]{16}$/;

async function tryWriting(folder: string): Promise<void> {
  // A name of its own, and made anew: whatever stands there already may be somebody's, or lead to a file of ours.
  const probe = join(folder, `.sidecar-probe-${randomBytes(8).toString("hex")}`);
  await (await open(probe, "wx", 0o640)).close();
  // Those that a killed start left, too; another start at this moment may remove this one.
  for (const name of await readdir(folder))
    if (PROBE.test(name)) await rm(join(folder, name), { force: true });
}

/** Folders of an earlier run may belong to another user. */
async function tryEntering(folder: string): Promise<void> {
  try {
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    if (systemCode(cause) !== "ENOENT") throw cause;
  }
}

/** What keeps the sidecar from writing here, without making anything; undefined when nothing does, or there is no folder yet. */
export async function lookAtVolume(folder: string): Promise<SidecarError | undefined> {
  const logDir = resolve(folder);
  let path = logDir;
  try {
    for (const own of ["", STORE_FOLDER, STAGED_FOLDER, TEMPORARY_FOLDER, ...CATEGORIES]) {
      path = join(logDir, own);
      if (own !== "") await refuseOther(path);
      await tryEntering(path);
    }
    if (!(await isFolder(logDir))) {
      [path] = await nearestOwner(logDir);
      await access(path, constants.W_OK | constants.X_OK);
    }
    return undefined;
  } catch (cause) {
    if (cause instanceof SidecarError) return cause;
    if (!REFUSALS.has(systemCode(cause) ?? "")) throw cause;
    return unwritable(logDir, path, cause);
  }
}

async function unwritable(logDir: string, path: string, cause: unknown): Promise<SidecarError> {
  const uid = process.getuid?.() ?? 0;
  const gid = process.getgid?.() ?? 0;
  const [found, owner, isInTheWay] = await nearestOwner(path);
  const isMissing = !isWithin(found, logDir);
  const mend = isMissing ? `sudo install -d -o ${uid} -g ${gid} -m 0750` : `sudo chown -R ${uid}:${gid}`;
  return new SidecarError(
    "LOG_DIR_UNWRITABLE",
    `${isMissing ? logDir : found} cannot be ${isMissing ? "made" : "written"} by uid ${uid}, gid ${gid}; ${found} is ${owner}`,
    {
      cause,
      remedy: isInTheWay
        ? "Move it away, or name another folder in SIDECAR_LOG_DIR."
        : systemCode(cause) === "EROFS"
          ? "Mount the log folder for writing."
          : `Run: ${mend} ${quoted(logDir)}`,
    },
  );
}

/** The path, or what of it exists, whose it is, and whether it is no folder. */
async function nearestOwner(path: string): Promise<[path: string, owner: string, isInTheWay: boolean]> {
  try {
    const found = await stat(path);
    const mode = (found.mode & 0o7777).toString(8).padStart(4, "0");
    const isInTheWay = !found.isDirectory();
    const kind = isInTheWay ? "no folder" : "a folder";
    return [path, `${kind} of uid ${found.uid}, gid ${found.gid}, mode ${mode}`, isInTheWay];
  } catch (cause) {
    if (dirname(path) !== path) return nearestOwner(dirname(path));
    throw cause;
  }
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}${sep}`);
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
