import { randomBytes } from "node:crypto";
import { lchown, lstat, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { below, folderBelow } from "../core/below.js";
import { systemCode } from "../core/errors.js";
import { syncFolder } from "../core/sync-folder.js";
import { pass } from "./fault-points.js";
import { UNFINISHED_FOLDER } from "./places.js";

/** A step that is not taken, with the reason as a sentence; the file stays as it is. */
export class StepRefused extends Error {
  override readonly name = "StepRefused";
}

/** The log folder as retention changes it: folders that are made, and names that a loss of power must not take back. */
export class Workplace {
  readonly #logDir: string;
  readonly #changed = new Set<string>();
  readonly #made = new Map<string, Promise<void>>();
  /** Two runs that know nothing of each other (the disk had no room for the lock) must not take each other's files for their own. */
  readonly #token = randomBytes(6).toString("hex");
  #unfinished = 0;

  constructor(logDir: string) {
    this.#logDir = logDir;
  }

  /** Removes what a killed run left unfinished. Makes nothing: on a full disk deleting has to go on. */
  async begin(): Promise<void> {
    await this.#empty(UNFINISHED_FOLDER);
    pass("run:begun");
  }

  /** Does `work` with a way to the path on which no link is followed, whatever somebody puts there meanwhile. */
  at<T>(path: string, work: (reach: string) => Promise<T>): Promise<T> {
    return below(this.#logDir, path, work);
  }

  /** Gives a file another name; the folder of the new one must be there. */
  rename(from: string, to: string): Promise<void> {
    return this.at(from, (source) => this.at(to, (target) => rename(source, target)));
  }

  /** A name for a file that is not finished yet. */
  async unfinishedPath(): Promise<string> {
    await this.ensureFolder(UNFINISHED_FOLDER);
    return `${UNFINISHED_FOLDER}/${this.#token}-${this.#unfinished++}`;
  }

  /** Makes a folder below the log folder, durably; a link on the way there is refused. */
  async ensureFolder(folder: string): Promise<void> {
    let made = this.#made.get(folder);
    if (made === undefined) {
      made = this.#make(folder);
      this.#made.set(folder, made);
      // The next file may find it mended.
      made.catch(() => this.#made.delete(folder));
    }
    await made;
  }

  /** A name in the folder was added or removed. */
  changed(folder: string): void {
    this.#changed.add(folder);
  }

  async syncFolder(folder: string): Promise<void> {
    this.#changed.delete(folder);
    try {
      await folderBelow(this.#logDir, folder, syncFolder);
    } catch (cause) {
      // Somebody removed the folder: it has no names to keep.
      if (systemCode(cause) !== "ENOENT") throw cause;
    }
  }

  /** Makes all changed names durable. */
  async syncAll(): Promise<void> {
    for (const folder of [...this.#changed]) await this.syncFolder(folder);
    pass("run:synced");
  }

  /** What a link leads to is somebody else's, and stays. */
  async #empty(folder: string): Promise<void> {
    try {
      await folderBelow(this.#logDir, folder, async (reach) => {
        for (const name of await readdir(reach))
          await rm(join(reach, name), { force: true, recursive: true });
      });
    } catch (cause) {
      if (systemCode(cause) !== "ENOENT" && systemCode(cause) !== "ENOTDIR") throw cause;
    }
  }

  async #make(folder: string): Promise<void> {
    const parent = parentOf(folder);
    if (parent !== "") await this.ensureFolder(parent);
    try {
      await this.at(folder, (reach) => mkdir(reach, { mode: 0o750 }));
    } catch (cause) {
      if (systemCode(cause) !== "EEXIST") throw cause;
      if ((await this.at(folder, (reach) => lstat(reach))).isDirectory()) return;
      throw new StepRefused(`${folder} is no folder, and links are not followed`);
    }
    const { uid, gid } = await folderBelow(this.#logDir, parent, (reach) => stat(reach));
    // Started by root beside a sidecar of another user: it must be able to work there.
    if (process.geteuid?.() === 0) await this.at(folder, (reach) => lchown(reach, uid, gid));
    await this.syncFolder(parent);
    pass("folder:made");
  }
}

/** The folder that holds a path; `""` for the log folder. */
export function parentOf(path: string): string {
  const parent = dirname(path);
  return parent === "." ? "" : parent;
}
