import { type FSWatcher, watch } from "node:fs";
import type { Alarm } from "../alarm.js";

/** Pauses while a container prints, each twice as long as the one before: many lines are read at once, and seen soon. */
const SHORTEST_MS = 5;
const LONGEST_MS = 40;
/** After so long without a line the system is asked to tell of the next one. */
const BUSY_MS = 500;
/** How often it is looked all the same: some mounts tell nothing. */
const LOOK_MS = 1_000;

/** Waits at the end of a log that may grow: for a short while by looking again, later until the system tells of a change. */
export class Idle {
  readonly #folder: string;
  readonly #alarm: Alarm;
  #sinceMs = 0;
  #pauseMs = SHORTEST_MS;
  #watcher: FSWatcher | undefined;

  constructor(folder: string, alarm: Alarm) {
    this.#folder = folder;
    this.#alarm = alarm;
  }

  /** Something was read. */
  busy(): void {
    this.#sinceMs = Date.now();
    this.#pauseMs = SHORTEST_MS;
    this.close();
  }

  /** `soon`: something is held back that must not be held for long. */
  async pause(soon: boolean): Promise<void> {
    const quiet = !soon && Date.now() - this.#sinceMs > BUSY_MS;
    if (!quiet) {
      await this.#alarm.pause(this.#pauseMs);
      this.#pauseMs = Math.min(LONGEST_MS, this.#pauseMs * 2);
    } else if (this.#watcher === undefined) {
      // What comes before it watches is found by looking once more.
      this.#watch();
    } else await this.#alarm.pause(LOOK_MS);
  }

  close(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  #watch(): void {
    try {
      this.#watcher = watch(this.#folder, { persistent: false }, () => this.#alarm.ring());
      // The folder went, or the system takes no more watches: looking goes on.
      this.#watcher.on("error", () => undefined);
    } catch {
      // None can be had: look as often as while it prints.
      this.#sinceMs = Date.now();
    }
  }
}
