import type { Settings } from "../config/schema.js";
import type { Source } from "../core/source.js";
import type { Watching } from "../core/watching.js";
import type { DoctorReport } from "../doctor/finding.js";
import type { Housekeeping } from "../pipeline/housekeeping.js";
import type { Ledger } from "../pipeline/ledger.js";
import type { RuleStore } from "../rules/reload.js";
import type { Understand } from "../rules/test-record.js";
import type { ForwardStatus } from "../status/status.js";
import type { Store } from "../store/store.js";
import type { Telemetry } from "../telemetry/telemetry.js";
import type { Upkeep } from "../upkeep/upkeep.js";

/** What is answered by every sidecar: one that stores lines, and one that forwards them. */
export interface CommonParts {
  readonly settings: Settings;
  readonly telemetry: Telemetry;
  readonly upkeep: Pick<Upkeep, "stats">;
  /** What the command `doctor` finds. */
  readonly examine: () => Promise<DoctorReport>;
}

/** How forwarding goes. */
export interface ForwardingNow {
  readonly status: ForwardStatus;
  /** NATS. */
  readonly watching: Watching;
}

/** What the routes ask of a sidecar that forwards, and stores nothing. */
export interface ForwarderParts extends CommonParts {
  readonly forwarder: ForwardingNow;
  readonly engine: Watching;
}

/** What the routes ask of a sidecar that stores lines. */
export interface HttpParts extends CommonParts {
  readonly source: Pick<Source, "watching">;
  /** Absent where nothing is forwarded besides. */
  readonly forwarder?: ForwardingNow | undefined;
  readonly rules: RuleStore;
  readonly store: Pick<Store, "status">;
  readonly ledger: Pick<Ledger, "entries">;
  readonly housekeeping: { readonly disk: Pick<Housekeeping["disk"], "last"> };
  readonly upkeep: Upkeep;
  /** Lines given by hand become records as those of containers do. */
  readonly understand: Understand;
}

/** Who may ask: see guards/access.ts. */
export type Access = "open" | "guarded" | "private";
