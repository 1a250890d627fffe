import type { Container } from "./container.js";
import type { Level } from "./level.js";
import type { StreamName } from "./line.js";

// A level is part of a record for nearly everybody; containers, which records hold, need it alone.
export { LEVEL_RANK, LEVELS, type Level } from "./level.js";

export const CATEGORIES = ["raw", "summary", "training", "tagged"] as const;
export type Category = (typeof CATEGORIES)[number];

/** How the sidecar's own event types begin, and the names of a record's own fields where the app has one of the same name. */
export const OWN_PREFIX = "log_sidecar.";

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
