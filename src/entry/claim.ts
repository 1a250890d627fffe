import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  fchownSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  type Stats,
  statSync,
} from "node:fs";
import { systemCode } from "../core/errors.js";

/** Who shall own the log folder. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

export interface Claim {
  /** How many files and folders changed hands. */
  readonly changed: number;
  /** What could not be changed, with the system's error code; the store says later whether that matters. */
  readonly failed: readonly { readonly path: string; readonly code: string }[];
}

/** A claim in progress. */
interface Tally {
  readonly owner: Owner;
  changed: number;
  readonly failed: { path: string; code: string }[];
}

const ROOT = 0;
const GROUP_ALL = 0o070;
const OTHERS_ALL = 0o007;

/**
 * Hands the log folder, and what in it belongs to root, to `owner`, so that the sidecar can write there without being root:
 * a folder that Docker made for a bind mount belongs to root. Makes the folder when it is missing. Never throws.
 *
 * Needs CAP_CHOWN and nothing else: entries come before their folder, because root without CAP_DAC_READ_SEARCH
 * can't enter a folder any more that it has given away. A log folder of somebody else stays theirs and is opened
 * to the owner's group instead.
 *
 * Another container may write into the same folder while this runs as root. So links are not followed, each folder is
 * held open and its entries are reached through the open folder (none can be swapped for a link on the way), owners are changed
 * by handle, and a file with several hard links, which may have another name outside of the log folder, is left alone.
 */
export function claimLogDir(logDir: string, owner: Owner): Claim {
  const tally: Tally = { owner, changed: 0, failed: [] };
  attempt(tally, logDir, () => {
    mkdirSync(logDir, { recursive: true });
    const folder = statSync(logDir);
    claimEntries(tally, { path: logDir, reach: logDir, stats: folder });
    if (folder.uid === ROOT) give(tally, logDir, () => chownSync(logDir, owner.uid, owner.gid));
    else if (folder.uid !== owner.uid) share(tally, logDir, folder);
  });
  return { changed: tally.changed, failed: tally.failed };
}

/** A folder by its name for people (`path`) and by the way that leads to it for sure (`reach`). */
interface Folder {
  readonly path: string;
  readonly reach: string;
  readonly stats: Stats;
}

function claimEntries(tally: Tally, folder: Folder): void {
  const fd = openFolder(folder);
  if (fd === undefined) return;
  try {
    for (const name of readdirSync(`/proc/self/fd/${fd}`)) {
      const path = `${folder.path}/${name}`;
      const reach = `/proc/self/fd/${fd}/${name}`;
      attempt(tally, path, () => {
        const stats = lstatSync(reach);
        // Another file system mounted below the log folder is not part of it.
        if (stats.dev === folder.stats.dev) claimEntry(tally, { path, reach, stats });
      });
    }
    // The folder itself behind what is in it. The log folder's own owner is its caller's matter.
    if (folder.path !== folder.reach && fstatSync(fd).uid === ROOT) giveOpen(tally, folder.path, fd);
  } finally {
    closeSync(fd);
  }
}

/** Undefined for a folder of another user that root without capabilities may not enter: it has nothing of root's making. */
function openFolder({ path, reach, stats }: Folder): number | undefined {
  // The log folder itself may be a link: that is its user's choice. Below it, links are refused.
  const noFollow = reach === path ? 0 : constants.O_NOFOLLOW;
  try {
    return openSync(reach, constants.O_RDONLY | constants.O_DIRECTORY | noFollow);
  } catch (error) {
    if (systemCode(error) === "EACCES" && stats.uid !== ROOT) return undefined;
    throw error;
  }
}

/** Links, sockets and the like stay root's: whoever owns the folder can remove them. */
function claimEntry(tally: Tally, entry: Folder): void {
  if (entry.stats.isDirectory()) claimEntries(tally, entry);
  else if (entry.stats.isFile() && entry.stats.uid === ROOT) claimFile(tally, entry);
}

/**
 * By handle, so that what is looked at is what changes hands; and looked at by its name too, because a file from elsewhere that had a
 * second name here for a moment has none here any more once it has but one.
 */
function claimFile(tally: Tally, { path, reach }: Folder): void {
  const fd = openSync(reach, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const isOurs = () => {
      const named = lstatSync(reach);
      const opened = fstatSync(fd);
      return opened.isFile() && opened.nlink === 1 && named.ino === opened.ino && named.dev === opened.dev;
    };
    if (!isOurs() || fstatSync(fd).uid !== ROOT) return;
    giveOpen(tally, path, fd);
    if (!isOurs()) fchownSync(fd, ROOT, ROOT);
  } finally {
    closeSync(fd);
  }
}

function giveOpen(tally: Tally, path: string, fd: number): void {
  give(tally, path, () => fchownSync(fd, tally.owner.uid, tally.owner.gid));
}

/** Gives the owner's group full access to a folder that stays somebody else's. */
function share(tally: Tally, logDir: string, folder: Stats): void {
  const { gid } = tally.owner;
  const open = folder.gid === gid && (folder.mode & GROUP_ALL) === GROUP_ALL;
  if (open || (folder.mode & OTHERS_ALL) === OTHERS_ALL) return;
  give(tally, logDir, () => {
    // Only the owner may change a mode (anyone else needs CAP_FOWNER), so root owns the folder for a moment.
    chownSync(logDir, ROOT, gid);
    chmodSync(logDir, (folder.mode & 0o7777) | GROUP_ALL);
    chownSync(logDir, folder.uid, gid);
  });
}

function give(tally: Tally, path: string, action: () => void): void {
  attempt(tally, path, () => {
    action();
    tally.changed += 1;
  });
}

function attempt(tally: Tally, path: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    const code = systemCode(error) ?? "unknown";
    // Gone in the meantime: nothing to hand over.
    if (code !== "ENOENT") tally.failed.push({ path, code });
  }
}
