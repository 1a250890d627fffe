import { access, constants, mkdir, open, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { SidecarError, systemCode } from "../core/errors.js";
import { CATEGORIES } from "../core/record.js";
import { realDisk } from "./disk.js";
import { ARCHIVE_FOLDER, STAGED_FOLDER, STORE_FOLDER, TEMPORARY_FOLDER } from "./places.js";

/** What a person has to mend; everything else (a full disk) may pass. */
const REFUSALS = new Set(["EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST"]);

/**
 * Makes the log folder and the store's own in it, and tries whether they can be written.
 * @throws SidecarError LOG_DIR_UNWRITABLE with uid, gid, owner, mode and the command that mends it.
 */
export async function prepareVolume(logDir: string): Promise<void> {
  let path = logDir;
  try {
    await mkdir(logDir, { recursive: true, mode: 0o750 });
    for (const folder of [STORE_FOLDER, STAGED_FOLDER, TEMPORARY_FOLDER]) {
      path = join(logDir, folder);
      await mkdir(path, { recursive: true, mode: 0o750 });
    }
    await syncNames(logDir);
    for (const folder of ["", STAGED_FOLDER, TEMPORARY_FOLDER]) {
      path = join(logDir, folder);
      await tryWriting(path);
    }
    for (const folder of [...CATEGORIES, ARCHIVE_FOLDER]) {
      path = join(logDir, folder);
      await tryEntering(path);
    }
  } catch (cause) {
    if (!REFUSALS.has(systemCode(cause) ?? "")) throw cause;
    throw await unwritable(logDir, path, cause);
  }
}

/** The folders made above outlast a loss of power. The one that holds the log folder may be closed to us: then it is not new. */
async function syncNames(logDir: string): Promise<void> {
  const disk = realDisk(logDir);
  await disk.syncFolder("");
  try {
    await disk.syncFolder("..");
  } catch (cause) {
    if (!REFUSALS.has(systemCode(cause) ?? "")) throw cause;
  }
}

async function tryWriting(folder: string): Promise<void> {
  const probe = join(folder, ".sidecar-probe");
  await (await open(probe, "w", 0o640)).close();
  await rm(probe);
}

/** Folders of an earlier run may belong to another user. */
async function tryEntering(folder: string): Promise<void> {
  try {
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    if (systemCode(cause) !== "ENOENT") throw cause;
  }
}

async function unwritable(logDir: string, path: string, cause: unknown): Promise<SidecarError> {
  const uid = process.getuid?.() ?? 0;
  const gid = process.getgid?.() ?? 0;
  const owner = await ownerOf(path);
  const mend =
    owner === undefined
      ? `sudo install -d -o ${uid} -g ${gid} -m 0750 ${quoted(logDir)}`
      : `sudo chown -R ${uid}:${gid} ${quoted(logDir)}`;
  return new SidecarError(
    "LOG_DIR_UNWRITABLE",
    `${path} cannot be written by uid ${uid}, gid ${gid} (${owner ?? "it is missing"})`,
    {
      cause,
      remedy: systemCode(cause) === "EROFS" ? "Mount the log folder for writing." : `Run: ${mend}`,
    },
  );
}

async function ownerOf(path: string): Promise<string | undefined> {
  try {
    const found = await stat(path);
    const mode = (found.mode & 0o7777).toString(8).padStart(4, "0");
    return `${found.isDirectory() ? "folder" : "not a folder"} of uid ${found.uid}, gid ${found.gid}, mode ${mode}`;
  } catch {
    // It could not be made, or not even looked at.
    return undefined;
  }
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
