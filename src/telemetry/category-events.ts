import type { Telemetry } from "./telemetry.js";

/** A name came after the limit of its kind, or after its container's share, and shares the folder `_other`. Said once a container and kind, counted each time. */
export function nameFolded(
  { log, counters }: Telemetry,
  folded: { readonly kind: string; readonly name: string; readonly container: string | undefined },
): void {
  const { kind, name, container } = folded;
  const by = `${kind}/${container ?? ""}`;
  if (counters.get("names_folded_total", by) === 0) {
    log.warn(
      { kind, name, container },
      `too many ${kind} names: this one and those to come share _other (SIDECAR_MAX_NAMES)`,
    );
  }
  counters.add("names_folded_total", 1, by);
}

/** A record was meant to be a training sample and is none: it goes to raw. Said once a dataset, counted each time. */
export function sampleRefused({ log, counters }: Telemetry, dataset: string, why: string): void {
  if (counters.get("samples_refused_total", dataset) === 0) {
    log.warn(
      { dataset },
      `a line is no training sample and goes to raw: ${why}; manifests tell how many there are and why`,
    );
  }
  counters.add("samples_refused_total", 1, dataset);
}

/** A window's row was written: one of those that belong together when it is late. */
export function windowRows({ counters }: Telemetry, isLate: boolean): void {
  counters.add("window_rows_total", 1, isLate ? "late" : "first");
}

/** There were too many open groups: the one that was added to least recently got its row before its window was over. Said once, counted each time. */
export function groupClosedEarly({ log, counters }: Telemetry, table: string, maxGroups: number): void {
  if (counters.get("groups_closed_early_total") === 0) {
    log.warn(
      { table, maxGroups },
      "too many open groups: rows are written before their windows are over, and what comes later makes further rows of them " +
        "(SIDECAR_MAX_GROUPS; fewer values under `by`, or a larger `every`)",
    );
  }
  counters.add("groups_closed_early_total", 1, table);
}
