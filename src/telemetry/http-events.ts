import { causeText, type SidecarError } from "../core/errors.js";
import type { Telemetry } from "./telemetry.js";

export function httpListening(telemetry: Telemetry, address: string, hasToken: boolean): void {
  telemetry.log.info({ address, token: hasToken }, "HTTP is answered");
}

/** The default address is somebody else's: collecting goes on without HTTP. */
export function httpLeftOut(telemetry: Telemetry, error: SidecarError): void {
  telemetry.log.warn({ code: error.code }, `${error.message} It goes on without HTTP.`);
}

/** A request was not let in. Counted; told at debug, since anybody may send any number. */
export function requestRefused(telemetry: Telemetry, reason: string, from: string): void {
  telemetry.counters.add("http_refused_total", 1, reason);
  telemetry.log.debug({ reason, from }, "an HTTP request was refused");
}

/** A viewer of live records does not take them fast enough; told to them, and stored all the same. */
export function liveRecordsMissed({ counters }: Telemetry, count: number): void {
  counters.add("live_records_missed_total", count);
}

/** A handler failed: an error in the program. */
export function requestFailed(telemetry: Telemetry, method: string, route: string, error: unknown): void {
  telemetry.log.error({ err: error, method, route }, `an HTTP request failed: ${causeText(error)}`);
}
