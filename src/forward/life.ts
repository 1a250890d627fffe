import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { STATUS_PATH } from "../status/life.js";
import type { ForwardStatus, Status } from "../status/status.js";
import { StatusWriter } from "../status/status-writer.js";
import type { Telemetry } from "../telemetry/telemetry.js";
import { VERSION } from "../version.js";

interface LifeOptions {
  readonly logDir: string;
  readonly telemetry: Telemetry;
  readonly forward: () => ForwardStatus;
}

/** Shows that the forwarder lives, to `healthcheck` and `stats`: the status file of a sidecar that stores nothing. */
export class Life {
  readonly #options: LifeOptions;
  readonly #startedAt = new Date().toISOString();
  readonly #writer: StatusWriter;
  /** Where it answers, when it does. */
  http: Status["http"];

  constructor(options: LifeOptions) {
    this.#options = options;
    const { logDir, telemetry } = options;
    this.#writer = new StatusWriter({ logDir, telemetry, collect: async (stopped) => this.status(stopped) });
  }

  async start(): Promise<void> {
    const { logDir, telemetry } = this.#options;
    // There is no store that would make it.
    await mkdir(dirname(join(logDir, STATUS_PATH)), { recursive: true, mode: 0o750 }).catch(
      (cause: unknown) => telemetry.log.warn({ cause }, "health and status cannot be written"),
    );
    await this.#writer.start();
  }

  stop(): Promise<void> {
    return this.#writer.stop();
  }

  status(stopped = false): Status {
    const { telemetry, forward } = this.#options;
    return {
      version: VERSION,
      pid: process.pid,
      startedAt: this.#startedAt,
      at: new Date().toISOString(),
      stopped,
      rules: { native: 0, sigma: 0 },
      store: { openSegments: 0, stagedFiles: 0, waitingBytes: 0, commits: 0, diskFull: false },
      http: this.http,
      forward: forward(),
      counters: telemetry.counters.toJSON(),
      containers: [],
    };
  }
}
