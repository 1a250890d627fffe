import { Backoff } from "../../../core/backoff.js";
import type { Position } from "../../position.js";
import { Alarm } from "../alarm.js";
import { podmanLogFile } from "../podman.js";
import type { ReaderOptions } from "../reader-options.js";
import type { WatchedContainer } from "../watched-container.js";
import { FileReader } from "./file-reader.js";
import { K8S_FILE } from "./log-format.js";
import type { LogReader } from "./log-reader.js";

/** Reads a container of Podman from its log file: its API gives times in whole seconds, so no place in a log could be kept. */
export class PodmanReader implements LogReader {
  readonly #engineFiles: string | undefined;
  readonly #options: ReaderOptions;
  readonly #backoff = new Backoff();
  readonly #pausing = new Alarm();
  #reader: FileReader | undefined;
  #watched: WatchedContainer;
  #stopped = false;
  /** Why its log could not be read, as far as it was told. */
  #told = "";

  constructor(engineFiles: string | undefined, options: ReaderOptions) {
    this.#engineFiles = engineFiles;
    this.#options = options;
    this.#watched = options.watched;
  }

  get position(): Position {
    return this.#reader?.position ?? this.#options.position;
  }

  get waiting(): boolean {
    return this.#reader?.waiting ?? false;
  }

  stop(): void {
    this.#stopped = true;
    this.#reader?.stop();
    this.#pausing.ring();
  }

  wake(runEnd?: string): void {
    this.#reader?.wake(runEnd);
    this.#pausing.ring();
  }

  rename(watched: WatchedContainer): void {
    this.#watched = watched;
    this.#reader?.rename(watched);
  }

  async run(): ReturnType<LogReader["run"]> {
    const { events } = this.#options;
    const { container, logDriver: driver, logPath } = this.#watched;
    const path = podmanLogFile(this.#engineFiles, { id: container.id, driver, logPath });
    if (typeof path !== "string") {
      events.podmanUnreadable(container, path);
      return "unreadable";
    }
    while (!this.#stopped) {
      try {
        return await this.#readFrom(path);
      } catch (cause) {
        if (this.#stopped) break;
        this.#tell(cause);
      }
      // Nothing else can take its place: whoever mends the mount or its rights need not start anything anew.
      await this.#pausing.pause(this.#backoff.next());
    }
    return "stopped";
  }

  async #readFrom(path: string): ReturnType<LogReader["run"]> {
    const { position } = this;
    const options = { ...this.#options, watched: this.#watched, position };
    this.#reader = new FileReader({ path, format: K8S_FILE }, options);
    return await this.#reader.run();
  }

  #tell(cause: unknown): void {
    if (String(cause) === this.#told) return;
    this.#told = String(cause);
    this.#options.events.podmanFileFailed(this.#watched.container, cause);
  }
}
