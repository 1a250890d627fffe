import { type FSWatcher, watch } from "node:fs";
import { rulesWatchLost } from "../telemetry/rules-events.js";
import type { Telemetry } from "../telemetry/telemetry.js";
import { ruleFolders } from "./files.js";
import type { RuleStore } from "./reload.js";

export interface WatchOptions {
  /** The folder, or several with colons between, as the store has it. */
  readonly dir: string;
  readonly telemetry: Telemetry;
  /** Editors write in several steps: this long after the last one the files are looked at. */
  readonly settleMs?: number;
  /** Mounted folders may tell nothing of changes, and sub-folders are not watched. */
  readonly pollMs?: number;
}

const SETTLE_MS = 200;

/** Has the rules read again when their files change: when the folders tell of it, and by looking from time to time. */
export class RuleWatch {
  readonly #store: RuleStore;
  readonly #options: WatchOptions;
  readonly #poll: NodeJS.Timeout;
  #watchers: FSWatcher[] = [];
  #settling: NodeJS.Timeout | undefined;
  /** When the first change was told of that was not looked at yet. */
  #firstMs: number | undefined;
  #looking: Promise<void> | undefined;
  #again = false;
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
    this.#disarm();
    await this.#looking;
  }

  #arm(): void {
    this.#disarm();
    this.#watchers = ruleFolders(this.#options.dir).flatMap((folder) => this.#watch(folder) ?? []);
  }

  #disarm(): void {
    for (const watcher of this.#watchers) watcher.close();
    this.#watchers = [];
  }

  #watch(folder: string): FSWatcher | undefined {
    try {
      const watcher = watch(folder, { persistent: false }, () => this.#settle());
      watcher.on("error", (cause) => {
        watcher.close();
        rulesWatchLost(this.#options.telemetry, folder, cause);
      });
      return watcher;
    } catch (cause) {
      rulesWatchLost(this.#options.telemetry, folder, cause);
      return undefined;
    }
  }

  #settle(): void {
    const settleMs = this.#options.settleMs ?? SETTLE_MS;
    const now = Date.now();
    this.#firstMs ??= now;
    // Something that writes again and again must not put the look off for ever.
    const waitMs = Math.max(0, Math.min(settleMs, this.#firstMs + 5 * settleMs - now));
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#look(), waitMs).unref();
  }

  /** One look at a time; what is told of meanwhile is looked at afterwards. */
  #look(): void {
    this.#firstMs = undefined;
    if (this.#looking !== undefined) {
      this.#again = true;
      return;
    }
    this.#looking = this.#lookOnce().finally(() => {
      this.#looking = undefined;
      if (this.#again && !this.#closed) this.#settle();
      this.#again = false;
    });
  }

  async #lookOnce(): Promise<void> {
    const changed = await this.#store.reloadIfChanged("the files changed");
    // A folder may have been replaced by another of the same name, which the old watch does not see.
    if (changed === undefined || this.#closed) return;
    this.#arm();
    // What changed after the files were read and before the new watch began, nobody has told.
    this.#again = true;
  }
}
