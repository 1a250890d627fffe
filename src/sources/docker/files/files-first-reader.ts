import { accessSync, constants, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { Position } from "../../position.js";
import { ContainerReader } from "../reader.js";
import type { ReaderOptions } from "../reader-options.js";
import { TIMING } from "../timing.js";
import type { WatchedContainer } from "../watched-container.js";
import { FileReader } from "./file-reader.js";
import { JSON_FILE } from "./log-format.js";
import type { LogReader } from "./log-reader.js";
import { PodmanReader } from "./podman-reader.js";

/** Files that can be opened, and not be read all the same, are tried ever more rarely. */
const MOST_LOOK_MS = 600_000;

/** Where lines come from, beside the log API. */
export interface Origin {
  /** The engine's folder of containers, where it is mounted. */
  readonly engineFiles: string | undefined;
  /** The engine is Podman. */
  readonly podman: boolean;
}

/** The reader of a container: its log files where they are mounted and its driver writes such, else the log API. */
export function createReader({ engineFiles, podman }: Origin, options: ReaderOptions): LogReader {
  if (podman) return new PodmanReader(engineFiles, options);
  const { logDriver, container } = options.watched;
  if (engineFiles === undefined || logDriver !== "json-file") return new ContainerReader(options);
  // moby: container.GetRootResourcePath("<id>-json.log"), below a folder of the id.
  const id = basename(container.id);
  return new FilesFirstReader(join(engineFiles, id, `${id}-json.log`), options);
}

/** Reads the files, goes on with the log API where they cannot be read (any longer), and with the files again when they can. */
class FilesFirstReader implements LogReader {
  readonly #path: string;
  readonly #options: ReaderOptions;
  #reader: LogReader;
  #watched: WatchedContainer;
  #stopped = false;
  #lookMs: number;

  constructor(path: string, options: ReaderOptions) {
    this.#path = path;
    this.#options = options;
    this.#watched = options.watched;
    this.#lookMs = (options.timing ?? TIMING).filesAgainMs;
    this.#reader = new FileReader({ path, format: JSON_FILE }, options);
  }

  get position(): Position {
    return this.#reader.position;
  }

  get waiting(): boolean {
    return this.#reader.waiting;
  }

  stop(): void {
    this.#stopped = true;
    this.#reader.stop();
  }

  wake(): void {
    this.#reader.wake();
  }

  rename(watched: WatchedContainer): void {
    this.#watched = watched;
    this.#reader.rename(watched);
  }

  async run(): ReturnType<LogReader["run"]> {
    const { events } = this.#options;
    while (!this.#stopped) {
      try {
        return await this.#reader.run();
      } catch (cause) {
        if (this.#stopped) return "stopped";
        events.filesUnreadable(this.#watched.container, cause);
      }
      this.#reader = new ContainerReader({ ...this.#going, fresh: false });
      const end = await this.#readByApi(this.#reader);
      if (end !== "files") return end;
      events.filesReadable(this.#watched.container);
      this.#reader = new FileReader({ path: this.#path, format: JSON_FILE }, this.#going);
    }
    return "stopped";
  }

  /** What the next reader goes on with. */
  get #going(): ReaderOptions {
    return { ...this.#options, watched: this.#watched, position: this.position };
  }

  /** Reads until the end, or until the files are there: `files`. */
  async #readByApi(reader: LogReader): Promise<"files" | Awaited<ReturnType<LogReader["run"]>>> {
    let isBack = false;
    const looking = setInterval(() => {
      if (isBack || !isReadable(this.#path)) return;
      isBack = true;
      reader.stop();
    }, this.#lookMs);
    this.#lookMs = Math.min(MOST_LOOK_MS, this.#lookMs * 2);
    try {
      const end = await reader.run();
      return isBack && end === "stopped" && !this.#stopped ? "files" : end;
    } finally {
      clearInterval(looking);
    }
  }
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return statSync(path).isFile();
  } catch {
    // Not there, or closed to this user.
    return false;
  }
}
