import type { Telemetry } from "./telemetry.js";

/** A name came after the limit of its kind and shares the folder `_other`. Said once a kind, counted each time. */
export function nameFolded({ log, counters }: Telemetry, kind: string, name: string): void {
  if (counters.get("names_folded_total", kind) === 0) {
    log.warn(
      { kind, name },
      `too many ${kind} names: this one and those to come share _other (SIDECAR_MAX_NAMES)`,
    );
  }
  counters.add("names_folded_total", 1, kind);
}

/** A record was meant to be a training sample but lacks a feature or its label: it goes to raw. Only counted, there can be one a line. */
export function sampleRefused({ log, counters }: Telemetry, dataset: string): void {
  if (counters.get("samples_refused_total", dataset) === 0) {
    log.warn(
      { dataset },
      "a training sample lacks a feature or its label, or one is not a number: it went to raw",
    );
  }
  counters.add("samples_refused_total", 1, dataset);
}
