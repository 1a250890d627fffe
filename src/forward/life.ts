import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { STATUS_EVERY_MS, STATUS_PATH } from "../status/life.js";
import type { Status } from "../status/status.js";
import type { Telemetry } from "../telemetry/telemetry.js";
import { VERSION } from "../version.js";

/** Shows that the forwarder lives, to `healthcheck` and `stats`: the status file of a sidecar that stores nothing. */
export class Life {
  readonly #path: string;
  readonly #telemetry: Telemetry;
  readonly #startedAt = new Date().toISOString();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(logDir: string, telemetry: Telemetry) {
    this.#path = join(logDir, STATUS_PATH);
    this.#telemetry = telemetry;
  }

  start(): void {
    this.#write(false);
    this.#timer = setInterval(() => this.#write(false), STATUS_EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#write(true);
    await this.#writing;
  }

  #write(stopped: boolean): void {
    this.#writing = this.#writing
      .then(async () => {
        await mkdir(dirname(this.#path), { recursive: true, mode: 0o750 });
        await writeFile(`${this.#path}.next`, JSON.stringify(this.#status(stopped)), { mode: 0o640 });
        await rename(`${this.#path}.next`, this.#path);
      })
      .catch((cause: unknown) => this.#telemetry.log.debug({ cause }, "the status could not be written"));
  }

  #status(stopped: boolean): Status {
    return {
      version: VERSION,
      pid: process.pid,
      startedAt: this.#startedAt,
      at: new Date().toISOString(),
      stopped,
      rules: { native: 0, sigma: 0 },
      store: { openSegments: 0, stagedFiles: 0, waitingBytes: 0, commits: 0, diskFull: false },
      counters: this.#telemetry.counters.toJSON(),
      containers: [],
    };
  }
}
