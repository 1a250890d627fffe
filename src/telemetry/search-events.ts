import { causeText } from "../core/errors.js";
import type { Telemetry } from "./telemetry.js";

/** A sealed segment need not be read any more to know that nothing in it is looked for. */
export function indexMade(telemetry: Telemetry, segment: string, lines: number): void {
  telemetry.counters.add("search_indexes_total");
  telemetry.log.debug({ segment, lines }, "a search index was made");
}

/** Searching works without, and takes longer. */
export function indexFailed(telemetry: Telemetry, cause: unknown): void {
  telemetry.counters.add("search_index_failures_total");
  telemetry.log.warn(`search indexes could not be made and are tried again: ${causeText(cause)}`);
}
