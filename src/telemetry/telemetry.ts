import { type DestinationStream, type Logger, pino } from "pino";
import { Counters } from "./counters.js";

export type Log = Logger;

/** The sidecar's own log and its counters; the event functions of this folder write to both. */
export interface Telemetry {
  readonly log: Log;
  readonly counters: Counters;
}

interface LogOptions {
  readonly level: string;
  /** Where the log goes; standard error unless told otherwise, so that standard output stays the command's. */
  readonly destination?: DestinationStream;
}

export function createTelemetry(options: LogOptions): Telemetry {
  const destination = options.destination ?? pino.destination({ fd: 2, sync: true });
  const log = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  return { log, counters: new Counters() };
}

/** Says nothing and only counts: for commands whose output is the answer, and for tests. */
export function silentTelemetry(): Telemetry {
  return createTelemetry({ level: "silent" });
}
