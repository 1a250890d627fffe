/** The stream of a container that a line came from. A TTY has only `stdout`. */
export type StreamName = "stdout" | "stderr";

/**
 * What an app printed between two line ends, whole and without its line end.
 * Several lines that are one event (a stack trace) arrive as one `Line` whose text has newlines in it.
 */
export interface Line {
  /** The engine's timestamp as it came: RFC 3339 with nanoseconds, UTC (`2026-01-31T23:59:59.123456789Z`). */
  readonly ts: string;
  readonly stream: StreamName;
  readonly text: string;
  /** How many printed lines this is: 1, or more for a joined event. The ledger counts these. */
  readonly lines: number;
  /** The line was longer than the limit and was cut there. */
  readonly truncated: boolean;
  /** Bytes that are not UTF-8 were replaced by U+FFFD in it. */
  readonly replaced: boolean;
}

/**
 * How the text of a line relates to what came before it on the same stream of the same container.
 * `whole`: stands alone and nothing can follow it. `starts`: stands at the beginning of an event that may go on.
 * `joins`: belongs to the event that is pending.
 */
export type Relation = "whole" | "starts" | "joins";

/** Tells which lines are one event. One joiner for each stream of a container; it remembers what is pending. */
export interface LineJoiner {
  relate(text: string): Relation;
  /** What was pending has been handed on (a limit in lines, bytes or time): forget it. */
  reset(): void;
}
