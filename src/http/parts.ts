import type { Settings } from "../config/schema.js";
import type { Source } from "../core/source.js";
import type { DoctorReport } from "../doctor/finding.js";
import type { Housekeeping } from "../pipeline/housekeeping.js";
import type { Ledger } from "../pipeline/ledger.js";
import type { RuleStore } from "../rules/reload.js";
import type { Understand } from "../rules/test-record.js";
import type { Store } from "../store/store.js";
import type { Telemetry } from "../telemetry/telemetry.js";
import type { Upkeep } from "../upkeep/upkeep.js";

/** What the routes ask of the running sidecar. */
export interface HttpParts {
  readonly settings: Settings;
  readonly telemetry: Telemetry;
  readonly source: Pick<Source, "watching">;
  readonly rules: RuleStore;
  readonly store: Pick<Store, "status">;
  readonly ledger: Pick<Ledger, "entries">;
  readonly housekeeping: { readonly disk: Pick<Housekeeping["disk"], "last"> };
  readonly upkeep: Upkeep;
  /** What the command `doctor` finds. */
  readonly examine: () => Promise<DoctorReport>;
  /** Lines given by hand become records as those of containers do. */
  readonly understand: Understand;
}

/** Who may ask: see guards/access.ts. */
export type Access = "open" | "guarded" | "private";
