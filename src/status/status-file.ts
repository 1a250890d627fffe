import type { OpenWindows } from "../categories/windows/open-windows.js";
import { readBelow } from "../core/below.js";
import type { Housekeeping } from "../pipeline/housekeeping.js";
import type { Ledger } from "../pipeline/ledger.js";
import type { RuleStore } from "../rules/reload.js";
import type { Store } from "../store/store.js";
import { diskSpace } from "../telemetry/sidecar-events.js";
import type { Telemetry } from "../telemetry/telemetry.js";
import { VERSION } from "../version.js";
import { absent, STATUS_PATH } from "./life.js";
import { type ForwardStatus, type Status, statusSchema } from "./status.js";
import { StatusWriter } from "./status-writer.js";

export interface StatusParts {
  readonly logDir: string;
  readonly store: Pick<Store, "status">;
  readonly ledger: Ledger;
  readonly windows: Pick<OpenWindows, "size">;
  readonly housekeeping: Pick<Housekeeping, "status" | "disk">;
  readonly rules: RuleStore;
  readonly telemetry: Telemetry;
  /** Absent where nothing is forwarded besides. */
  readonly forward: (() => ForwardStatus) | undefined;
}

/** The status of a sidecar that stores lines. */
export class StatusFile {
  readonly #parts: StatusParts;
  readonly #startedAt = new Date().toISOString();
  readonly #writer: StatusWriter;
  /** Where this sidecar answers, when it does: so that commands find it. */
  http: Status["http"];

  constructor(parts: StatusParts) {
    this.#parts = parts;
    const { logDir, telemetry } = parts;
    this.#writer = new StatusWriter({ logDir, telemetry, collect: (stopped) => this.collect(stopped) });
  }

  start(): void {
    void this.#writer.start().then((status) => {
      if (status?.disk) diskSpace(this.#parts.telemetry, status.disk.freeBytes, status.disk.sizeBytes);
    });
  }

  stop(): Promise<void> {
    return this.#writer.stop();
  }

  /** The status as it is now. */
  async collect(stopped = false): Promise<Status> {
    const { store, ledger, windows, housekeeping, rules, telemetry, forward } = this.#parts;
    return {
      version: VERSION,
      pid: process.pid,
      startedAt: this.#startedAt,
      at: new Date().toISOString(),
      stopped,
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
      ...(forward !== undefined && { forward: forward() }),
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
    return statusSchema.parse(JSON.parse(await readBelow(logDir, STATUS_PATH)));
  } catch (cause) {
    throw absent(logDir, cause);
  }
}
