import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { OpenWindows } from "../categories/windows/open-windows.js";
import type { Housekeeping } from "../pipeline/housekeeping.js";
import type { Ledger } from "../pipeline/ledger.js";
import type { RuleStore } from "../rules/reload.js";
import type { Store } from "../store/store.js";
import { diskSpace } from "../telemetry/sidecar-events.js";
import type { Telemetry } from "../telemetry/telemetry.js";
import { VERSION } from "../version.js";
import { absent, STATUS_EVERY_MS, STATUS_PATH, UNCHANGED_MS } from "./life.js";
import { type Status, statusSchema } from "./status.js";

export interface StatusParts {
  readonly logDir: string;
  readonly store: Pick<Store, "status">;
  readonly ledger: Ledger;
  readonly windows: Pick<OpenWindows, "size">;
  readonly housekeeping: Pick<Housekeeping, "status" | "disk">;
  readonly rules: RuleStore;
  readonly telemetry: Telemetry;
}

/** Writes the status for `stats` and `healthcheck`, which run beside the sidecar and only share its log folder. */
export class StatusFile {
  readonly #parts: StatusParts;
  readonly #startedAt = new Date().toISOString();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #isStopped = false;
  /** What stands in the file but for the time, and since when. */
  #written = { text: "", atMs: Number.NEGATIVE_INFINITY };
  /** Where this sidecar answers, when it does: so that commands find it. */
  http: Status["http"];

  constructor(parts: StatusParts) {
    this.#parts = parts;
  }

  start(): void {
    void this.#write().then((status) => {
      if (status?.disk) diskSpace(this.#parts.telemetry, status.disk.freeBytes, status.disk.sizeBytes);
    });
    this.#timer = setInterval(() => {
      this.#writing ??= this.#write().then(() => {
        this.#writing = undefined;
      });
    }, STATUS_EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#writing;
    this.#isStopped = true;
    await this.#write();
  }

  async #write(): Promise<Status | undefined> {
    const path = join(this.#parts.logDir, STATUS_PATH);
    try {
      const status = await this.collect();
      const { at, ...said } = status;
      const text = JSON.stringify(said);
      const nowMs = performance.now();
      if (text === this.#written.text && nowMs - this.#written.atMs < UNCHANGED_MS) return status;
      await writeFile(`${path}.next`, JSON.stringify({ at, ...said }), { mode: 0o640 });
      await rename(`${path}.next`, path);
      this.#written = { text, atMs: nowMs };
      return status;
    } catch (cause) {
      // A full disk must not end the sidecar; `healthcheck` sees that the status is old.
      this.#parts.telemetry.log.debug({ cause }, "the status could not be written");
      return undefined;
    }
  }

  /** The status as it is now. */
  async collect(): Promise<Status> {
    const { store, ledger, windows, housekeeping, rules, telemetry } = this.#parts;
    return {
      version: VERSION,
      pid: process.pid,
      startedAt: this.#startedAt,
      at: new Date().toISOString(),
      stopped: this.#isStopped,
      disk: await housekeeping.disk.read(),
      rules: {
        native: rules.current.native.length,
        sigma: rules.current.sigma.length,
        ...(rules.trouble !== undefined && { trouble: rules.trouble }),
      },
      store: { ...store.status() },
      housekeeping: housekeeping.status(),
      openGroups: windows.size,
      http: this.http,
      counters: telemetry.counters.toJSON(),
      containers: ledger.entries().map(([id, account]) => ({ id, ...account })),
    };
  }
}

/**
 * The status that the sidecar of this log folder wrote last.
 * @throws SidecarError SIDECAR_ABSENT when there is none.
 */
export async function readStatus(logDir: string): Promise<Status> {
  try {
    return statusSchema.parse(JSON.parse(await readFile(join(logDir, STATUS_PATH), "utf8")));
  } catch (cause) {
    throw absent(logDir, cause);
  }
}
