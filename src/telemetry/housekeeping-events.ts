import { causeText, SidecarError } from "../core/errors.js";
import type { Telemetry } from "./telemetry.js";

/** The disk, or the size of the logs, has passed its mark. */
export function cleanupBegun(telemetry: Telemetry, why: string, usedPercent: number): void {
  telemetry.log.warn({ why, usedPercent: Math.round(usedPercent) }, "the emergency cleanup begins");
}

/** A run of retention ended with an error that is not a file's. Another process at work is no fault. */
export function housekeepingFailed(telemetry: Telemetry, what: string, cause: unknown): void {
  if (cause instanceof SidecarError && cause.code === "RETENTION_RUNNING") {
    telemetry.log.info({ code: cause.code }, `${what} is left to the next time: ${cause.message}`);
    return;
  }
  telemetry.counters.add("retention_failures_total");
  telemetry.log.error(`${what} failed and is tried again: ${causeText(cause)}`);
}

/** Records of level debug and trace are left out of raw, or no longer. */
export function shedding(telemetry: Telemetry, isShedding: boolean): void {
  if (isShedding)
    telemetry.log.warn("the disk is nearly full: raw records of level debug and trace are not written");
  else telemetry.log.info("the disk has room: raw records of all levels are written again");
}
