import type { Telemetry } from "./telemetry.js";

/** A record was written before its window was over, because there were too many to hold. Said once a rule, counted each time. */
export function heldEarly({ log, counters }: Telemetry, rule: string): void {
  if (counters.get("held_early_total", rule) === 0) {
    log.warn(
      { rule },
      "too many different records to hold for `dedupe`: the oldest are written before their window is over; a shorter window or fewer fields in `by` help",
    );
  }
  counters.add("held_early_total", 1, rule);
}
