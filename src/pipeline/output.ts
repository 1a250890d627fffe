import { statfs } from "node:fs/promises";
import { type CategoryNames, openNames } from "../categories/category-names.js";
import { Refusals } from "../categories/refusals.js";
import { TRAINING_FINISHERS } from "../categories/training-files.js";
import { OpenWindows } from "../categories/windows/open-windows.js";
import { createWriters, type Writers } from "../categories/writers.js";
import type { Settings } from "../config/schema.js";
import type { Calendar } from "../core/calendar.js";
import { DailyQuota } from "../core/daily-quota.js";
import type { SegmentSink } from "../core/segment.js";
import type { RuleStore } from "../rules/reload.js";
import type { Store } from "../store/store.js";
import { permanentOverQuota } from "../telemetry/rules-events.js";
import type { Telemetry } from "../telemetry/telemetry.js";
import { fittingQuota } from "./fitting.js";
import { HeldRecords } from "./held/held-records.js";
import { Ledger } from "./ledger.js";
import { Positions } from "./positions.js";

interface OutputOptions {
  readonly settings: Pick<Settings, "logDir" | "maxNames" | "maxGroups" | "hostFolders" | "permanentQuota">;
  readonly store: Store;
  readonly calendar: Calendar;
  readonly rules: RuleStore;
  readonly telemetry: Telemetry;
  /** Where entries go: the store, or what stands before it. */
  readonly sink: SegmentSink;
}

/** What records become, and all that is durable together with it: each part as it was at the last commit. */
export interface Output {
  readonly write: Writers["write"];
  readonly noteRecords: Store["noteRecords"];
  readonly positions: Positions;
  readonly ledger: Ledger;
  readonly windows: OpenWindows;
  readonly held: HeldRecords;
  readonly names: CategoryNames;
  readonly refusals: Refusals;
  /** Of records that rules keep for ever. */
  readonly permanentQuota: DailyQuota;
}

/** @throws SidecarError CHECKPOINT_BROKEN when a part cannot be understood */
export async function openOutput(options: OutputOptions): Promise<Output> {
  const { settings, store, calendar, rules, telemetry, sink } = options;
  for (const [extension, finish] of Object.entries(TRAINING_FINISHERS)) {
    store.registerFinisher(extension as keyof typeof TRAINING_FINISHERS, finish);
  }
  const { logDir, maxNames, maxGroups, hostFolders } = settings;
  const names = await openNames({ logDir, limit: maxNames, telemetry });
  const { blocks, bsize } = await statfs(logDir);
  const quotaBytes = fittingQuota(settings.permanentQuota, blocks * bsize);
  const permanentQuota = new DailyQuota(quotaBytes, ({ name }) => permanentOverQuota(telemetry, name));
  const context = { sink, calendar, names, hostFolders, permanentQuota, telemetry };
  const refusals = new Refusals(store.restored("refusals"));
  const windows = new OpenWindows({ ...context, maxGroups, restored: store.restored("windows") });
  const { write } = createWriters({ ...context, refusals, windows });
  const positions = new Positions(store.restored("positions"));
  const ledger = new Ledger(store.restored("ledger"));
  const noteRecords = store.noteRecords.bind(store);
  const held = new HeldRecords({ write, noteRecords, ledger, telemetry });
  held.restore(store.restored(held.name), rules.current.waitingAgain.bind(rules.current));
  for (const part of [refusals, windows, positions, ledger, held]) store.register(part);
  return { write, noteRecords, positions, ledger, windows, held, names, refusals, permanentQuota };
}
