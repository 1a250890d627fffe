import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Files that appear whole, or not at all: they are written under temporary names beside their own, synced, and renamed at the end. */
export class WholeFiles {
  readonly #paths: string[] = [];

  /** The temporary name to write to. What an export that was killed left there is written over. */
  begin(path: string): string {
    this.#paths.push(path);
    return temporaryFor(path);
  }

  /** Gives all their names, in the order in which they were begun. */
  async publish(): Promise<void> {
    for (const path of this.#paths) await sync(temporaryFor(path));
    for (const path of this.#paths) await rename(temporaryFor(path), path);
    for (const folder of new Set(this.#paths.map(dirname))) await sync(folder);
  }

  async remove(): Promise<void> {
    for (const path of this.#paths) await rm(temporaryFor(path), { force: true });
  }
}

function temporaryFor(path: string): string {
  return join(dirname(path), `.${basename(path)}.part`);
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
