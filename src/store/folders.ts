import { posix } from "node:path";
import { systemCode } from "../core/errors.js";
import type { Disk } from "./disk.js";

/** Makes folders, and knows which ones have names in them that a loss of power could still take away. */
export class Folders {
  readonly #disk: Disk;
  #unsynced = new Set<string>();
  /** Folders that this process has seen to. One that was there before may have been made by a run that was killed before it synced. */
  readonly #seen = new Set<string>();

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  /** Makes a folder with all above it. Asked each time, because whoever removes old logs may remove empty folders too. */
  async ensure(folder: string): Promise<void> {
    try {
      await this.#make(folder);
    } catch (cause) {
      if (systemCode(cause) !== "ENOENT" || folder === "") throw cause;
      await this.ensure(parentOf(folder));
      await this.#make(folder);
    }
  }

  /** A name was added to or removed from the folder. */
  changed(folder: string): void {
    this.#unsynced.add(folder);
  }

  /** Makes all changed names durable. May be tried again after an error. */
  async sync(): Promise<void> {
    for (const folder of [...this.#unsynced]) {
      // Taken out first: what changes while the disk works needs another sync.
      this.#unsynced.delete(folder);
      try {
        await this.#disk.syncFolder(folder);
      } catch (cause) {
        // A removed folder has no names to keep.
        if (systemCode(cause) === "ENOENT") continue;
        this.#unsynced.add(folder);
        throw cause;
      }
    }
  }

  async #make(folder: string): Promise<void> {
    const isNew = await this.#disk.makeFolder(folder);
    if (isNew) this.changed(parentOf(folder));
    for (let each = folder; each !== "" && !this.#seen.has(each); each = parentOf(each)) {
      this.#seen.add(each);
      this.changed(parentOf(each));
    }
  }
}

/** The folder that holds a path; `""` for the log folder. */
export function parentOf(path: string): string {
  const parent = posix.dirname(path);
  return parent === "." ? "" : parent;
}
