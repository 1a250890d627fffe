import { type DestinationStream, type Logger, pino } from "pino";
import { Counters } from "./counters.js";
import { MetricRelay } from "./metric-relay.js";
import { RuleMatches } from "./rule-matches.js";
import { ServiceReads } from "./service-reads.js";

export type Log = Logger;

/** The sidecar's own log and what it counts and measures; the event functions of this folder write to them. */
export interface Telemetry {
  readonly log: Log;
  readonly counters: Counters;
  /** Lines by the rules that took them. */
  readonly matches: RuleMatches;
  /** How far behind the services are read. */
  readonly reads: ServiceReads;
  /** Where values go that are more than a count: of rules' metrics, and the times of commits. */
  readonly metrics: MetricRelay;
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
  const counters = new Counters();
  return {
    log,
    counters,
    matches: new RuleMatches(),
    reads: new ServiceReads(counters),
    metrics: new MetricRelay(),
  };
}

/** Says nothing and only counts: for commands whose output is the answer, and for tests. */
export function silentTelemetry(): Telemetry {
  return createTelemetry({ level: "silent" });
}
