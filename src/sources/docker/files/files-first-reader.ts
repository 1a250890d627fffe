import { basename, join } from "node:path";
import type { Position } from "../../position.js";
import { ContainerReader } from "../reader.js";
import type { ReaderOptions } from "../reader-options.js";
import type { WatchedContainer } from "../watched-container.js";
import { FileReader } from "./file-reader.js";
import { JSON_FILE } from "./log-format.js";
import type { LogReader } from "./log-reader.js";
import { PodmanReader } from "./podman-reader.js";

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

/** Reads the files, and goes on with the log API where they cannot be read (any longer). */
class FilesFirstReader implements LogReader {
  readonly #options: ReaderOptions;
  #reader: LogReader;
  #watched: WatchedContainer;
  #stopped = false;

  constructor(path: string, options: ReaderOptions) {
    this.#options = options;
    this.#watched = options.watched;
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
    try {
      return await this.#reader.run();
    } catch (cause) {
      if (this.#stopped) return "stopped";
      this.#options.events.filesUnreadable(this.#watched.container, cause);
    }
    const { position } = this.#reader;
    this.#reader = new ContainerReader({ ...this.#options, watched: this.#watched, position, fresh: false });
    return this.#reader.run();
  }
}
