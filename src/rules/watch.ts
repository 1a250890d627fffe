import { type FSWatcher, watch } from "node:fs";
import { rulesWatchLost } from "../telemetry/rules-events.js";
import type { Telemetry } from "../telemetry/telemetry.js";
import type { RuleStore } from "./reload.js";

export interface WatchOptions {
  readonly dir: string;
  readonly telemetry: Telemetry;
  /** Editors write in several steps: this long after the last one the files are looked at. */
  readonly settleMs?: number;
  /** Mounted folders may tell nothing of changes, and sub-folders are not watched. */
  readonly pollMs?: number;
}

/** Has the rules read again when their folder changes. `close` ends it. */
export class RuleWatch {
  readonly #store: RuleStore;
  readonly #options: WatchOptions;
  readonly #poll: NodeJS.Timeout;
  #watcher: FSWatcher | undefined;
  #settling: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #closed = false;

  constructor(store: RuleStore, options: WatchOptions) {
    this.#store = store;
    this.#options = options;
    this.#arm();
    this.#poll = setInterval(() => this.#look(), options.pollMs ?? 5000).unref();
  }

  /** No reload is begun after it resolves. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#poll);
    clearTimeout(this.#settling);
    this.#watcher?.close();
    await this.#looking;
  }

  #arm(): void {
    this.#watcher?.close();
    try {
      this.#watcher = watch(this.#options.dir, { persistent: false }, () => this.#settle());
      this.#watcher.on("error", (cause) => this.#lose(cause));
    } catch (cause) {
      this.#lose(cause);
    }
  }

  #lose(cause: unknown): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    rulesWatchLost(this.#options.telemetry, this.#options.dir, cause);
  }

  #settle(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#look(), this.#options.settleMs ?? 200).unref();
  }

  #look(): void {
    this.#looking ??= this.#lookOnce().finally(() => {
      this.#looking = undefined;
    });
  }

  async #lookOnce(): Promise<void> {
    const result = await this.#store.reloadIfChanged("the files changed");
    // The folder may have been replaced by another of the same name, which the old watch does not see.
    if (result !== undefined && !this.#closed) this.#arm();
  }
}
