import { causeText } from "../core/errors.js";
import type { Telemetry } from "./telemetry.js";

/** What was read from the rules folder. */
export interface RulesReport {
  readonly files: number;
  readonly rules: number;
  readonly sigma: number;
  /** `file:line:column  message` of plain Sigma rules that could not be used. */
  readonly leftOut: readonly string[];
}

export function rulesLoaded(telemetry: Telemetry, dir: string, report: RulesReport): void {
  const { leftOut, ...counts } = report;
  const text = report.files === 0 ? "the rules folder is empty: every line goes to raw" : "rules loaded";
  telemetry.log[report.files === 0 ? "warn" : "info"]({ dir, ...counts }, text);
  tellLeftOut(telemetry, leftOut);
}

export function rulesReloaded(telemetry: Telemetry, why: string, report: RulesReport): void {
  telemetry.counters.add("rules_reloads_total", 1, "changed");
  const { leftOut, ...counts } = report;
  telemetry.log.info({ why, ...counts }, "the rules were read again and are in use");
  tellLeftOut(telemetry, leftOut);
}

/** The new rules have errors; the old ones stay in use. */
export function rulesRefused(telemetry: Telemetry, why: string, cause: unknown): void {
  telemetry.counters.add("rules_reloads_total", 1, "refused");
  telemetry.log.error(
    { why, code: "RULES_INVALID" },
    `the changed rules are not used, the earlier ones stay: ${causeText(cause)}`,
  );
}

/** Changes are noticed by looking at the files from time to time. */
export function rulesWatchLost(telemetry: Telemetry, dir: string, cause: unknown): void {
  telemetry.log.debug(
    { dir },
    `the rules folder cannot be watched (${causeText(cause)}); it is looked at instead`,
  );
}

export function logsourceLabelRefused(telemetry: Telemetry, container: string, fault: string): void {
  telemetry.counters.add("label_errors_total");
  telemetry.log.warn({ container }, `the label log-sidecar.logsource is not used: ${fault}`);
}

function tellLeftOut(telemetry: Telemetry, leftOut: readonly string[]): void {
  for (const problem of leftOut) telemetry.log.warn(`Sigma rule left out: ${problem}`);
}

/** A line asked for a table of its own (`category: summary`), and there are too many: it goes to raw. Said once a container, counted each time. */
export function tableRefused({ log, counters }: Telemetry, container: string): void {
  if (counters.get("tables_refused_total", container) === 0) {
    log.warn(
      { container },
      "lines ask for too many tables of their own: those and the ones to come go to raw; a rule with a table gets it always",
    );
  }
  counters.add("tables_refused_total", 1, container);
}

/** Rules keep more of a container's records for ever than the quota of a day. Said once a container, counted each time. */
export function permanentOverQuota({ log, counters }: Telemetry, container: string): void {
  if (counters.get("permanent_over_quota_total", container) === 0) {
    log.warn(
      { container },
      "rules keep more records of this container for ever than the quota of a day (SIDECAR_PERMANENT_QUOTA): the rest of the day's goes to raw; a duration as `retention` of the rule has no quota",
    );
  }
  counters.add("permanent_over_quota_total", 1, container);
}

/** A container's lines call themselves tagged, and are more than their quota of the day: they go to raw. Said once a container, counted each time. */
export function wishOverQuota({ log, counters }: Telemetry, container: string): void {
  if (counters.get("wishes_over_quota_total", container) === 0) {
    log.warn(
      { container },
      "more lines call themselves tagged than the quota of a day (SIDECAR_WISH_QUOTA): the rest of them goes to raw; a rule can say otherwise",
    );
  }
  counters.add("wishes_over_quota_total", 1, container);
}
