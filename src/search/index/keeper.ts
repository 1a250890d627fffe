import { readdir, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { below, folderBelow } from "../../core/below.js";
import { systemCode } from "../../core/errors.js";
import { listSegments, plainPath } from "../../reading/segments.js";
import { indexFailed, indexMade } from "../../telemetry/search-events.js";
import type { Telemetry } from "../../telemetry/telemetry.js";
import { buildIndex } from "./build.js";
import { FilterBuilder } from "./filter.js";
import { INDEX_ENDING, INDEX_FOLDER, indexPath, writeIndexFile } from "./index-file.js";

export interface KeeperOptions {
  readonly logDir: string;
  /** Segments that may still change, below the log folder. */
  readonly openPaths: () => ReadonlySet<string>;
  /** Whether the disk has room for what can be done without. */
  readonly hasRoom: () => boolean;
  readonly telemetry: Telemetry;
}

const FIRST_LOOK_MS = 60_000;
const LOOK_EVERY_MS = 300_000;

/** Makes an index of each sealed segment of raw and tagged while the sidecar runs, and takes away those of segments that are gone. */
export class IndexKeeper {
  readonly #options: KeeperOptions;
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  start(): void {
    this.#wait(FIRST_LOOK_MS);
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#stopping.abort();
    await this.#looking;
  }

  /** Never rejects: what fails is told and tried again. */
  async look(): Promise<void> {
    try {
      const wanted = await this.#sealed();
      const there = await filesBelow(this.#options.logDir, INDEX_FOLDER);
      for (const path of there) if (!wanted.has(path)) await this.#remove(path);
      for (const [path, segment] of wanted) if (!there.has(path)) await this.#make(segment);
    } catch (cause) {
      if (!this.#stopping.signal.aborted) indexFailed(this.#options.telemetry, cause);
    }
  }

  #wait(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#looking = this.look().then(() => {
        if (!this.#stopping.signal.aborted) this.#wait(LOOK_EVERY_MS);
      });
    }, ms);
    this.#timer.unref();
  }

  /** Paths of segments by those of their indexes. */
  async #sealed(): Promise<Map<string, string>> {
    const { logDir, openPaths } = this.#options;
    const wanted = new Map<string, string>();
    for (const category of ["raw", "tagged"] as const) {
      const segments = await listSegments(logDir, category);
      // Asked afterwards: what was opened meanwhile is not taken for sealed.
      const open = openPaths();
      for (const { path } of segments) if (!open.has(plainPath(path))) wanted.set(indexPath(path), path);
    }
    return wanted;
  }

  async #make(segment: string): Promise<void> {
    const { logDir, hasRoom, telemetry } = this.#options;
    const { signal } = this.#stopping;
    if (!hasRoom()) return;
    // Its memory is given back between the looks.
    const index = await buildIndex(logDir, segment, new FilterBuilder(), signal);
    if (index === undefined) return;
    await writeIndexFile(logDir, segment, index);
    indexMade(telemetry, segment, index.lines);
  }

  #remove(path: string): Promise<void> {
    return below(this.#options.logDir, path, (reach) => rm(reach, { force: true }));
  }
}

/** Indexes, and what a write that was broken off has left. */
async function filesBelow(logDir: string, folder: string): Promise<Set<string>> {
  try {
    return await folderBelow(logDir, folder, async (reach) => {
      const entries = await readdir(reach, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile() && entry.name.includes(INDEX_ENDING));
      return new Set(files.map((entry) => join(folder, relative(reach, join(entry.parentPath, entry.name)))));
    });
  } catch (cause) {
    if (systemCode(cause) === "ENOENT") return new Set();
    throw cause;
  }
}
