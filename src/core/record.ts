import type { Container } from "./container.js";
import type { StreamName } from "./line.js";

/** The levels, from low to high. */
export const LEVELS = ["trace", "debug", "info", "warning", "error", "critical"] as const;
export type Level = (typeof LEVELS)[number];

/** 0 for trace up to 5 for critical, so that levels can be compared. */
export const LEVEL_RANK: Readonly<Record<Level, number>> = {
  trace: 0,
  debug: 1,
  info: 2,
  warning: 3,
  error: 4,
  critical: 5,
};

export const CATEGORIES = ["raw", "summary", "training", "tagged"] as const;
export type Category = (typeof CATEGORIES)[number];

/** What JSON.parse makes of an app's object. */
export type JsonObject = { readonly [key: string]: unknown };

/**
 * A line understood. Made once for each line, so it is one flat object with every key always present
 * (one hidden class for the engine); what is absent is `undefined` and left out when written.
 */
export interface LogRecord {
  /** The engine's timestamp as it came: RFC 3339 with nanoseconds, UTC. */
  ts: string;
  level: Level;
  component: string;
  event_type: string | undefined;
  message: string | undefined;
  stream: StreamName;
  /** Tags the app itself gave. Rules add theirs when a tagged record is written. */
  tags: readonly string[] | undefined;
  /** The app's JSON object, parsed. */
  data: JsonObject | undefined;
  /** The same object as the app wrote it, one line of valid JSON: goes into the files untouched. */
  dataText: string | undefined;
  /** v1.0's wish for a category; rules may overrule it. */
  wish: Category | undefined;
  /** The whole text of the line (several joined by newlines for a stack trace). */
  text: string;
  container: Container;
  truncated: boolean;
  /** How many printed lines this record stands for. */
  lines: number;
  /** How many equal records were made this one, 2 or more; undefined for one that stands for itself. */
  repeated: number | undefined;
  /** The time of the last of them, in the form of `ts`. */
  last_ts: string | undefined;
}
