import { replaceBelow } from "../core/below.js";
import type { Telemetry } from "../telemetry/telemetry.js";
import { STATUS_EVERY_MS, STATUS_PATH, troubleOf, UNCHANGED_MS } from "./life.js";
import type { Status } from "./status.js";

interface StatusWriterOptions {
  readonly logDir: string;
  /** How things are now; `stopped`: it is the last word. */
  readonly collect: (stopped: boolean) => Promise<Status>;
  readonly telemetry: Telemetry;
}

/** Writes the status for `stats` and `healthcheck`, which run beside the sidecar and only share its log folder. */
export class StatusWriter {
  readonly #options: StatusWriterOptions;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  /** What stands in the file but for the time, and since when. */
  #written = { text: "", atMs: Number.NEGATIVE_INFINITY };

  constructor(options: StatusWriterOptions) {
    this.#options = options;
  }

  /** Resolves to what was written first; to undefined when that could not be. */
  start(): Promise<Status | undefined> {
    const first = this.#write(false);
    this.#timer = setInterval(() => {
      this.#writing ??= this.#write(false).then(() => {
        this.#writing = undefined;
      });
    }, STATUS_EVERY_MS);
    return first;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#writing;
    await this.#write(true);
  }

  async #write(stopped: boolean): Promise<Status | undefined> {
    const { logDir, collect, telemetry } = this.#options;
    try {
      const status = await collect(stopped);
      const { at: _at, ...said } = status;
      const text = JSON.stringify(said);
      const nowMs = performance.now();
      if (text === this.#written.text && nowMs - this.#written.atMs < UNCHANGED_MS) return status;
      await replaceBelow(logDir, STATUS_PATH, `${headOf(status)}${text.slice(1)}`);
      this.#written = { text, atMs: nowMs };
      return status;
    } catch (cause) {
      // A full disk must not end the sidecar; `healthcheck` sees that the status is old.
      telemetry.log.debug({ cause }, "the status could not be written");
      return undefined;
    }
  }
}

/** The first line of a status, which the image's health check reads without the rest (entry/healthcheck.sh). */
function headOf(status: Status): string {
  const healthy = troubleOf(status) === undefined;
  return `${JSON.stringify({ at: status.at, healthy }).slice(0, -1)},\n`;
}
