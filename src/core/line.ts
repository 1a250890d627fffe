/** The stream of a container that a line came from. A TTY has only `stdout`. */
export type StreamName = "stdout" | "stderr";

/**
 * What an app printed between two line ends, whole and without its line end.
 * Several lines that are one event (a stack trace) arrive as one `Line` whose text has newlines in it.
 */
export interface Line {
  /** The engine's timestamp as it came: RFC 3339 with nanoseconds, UTC (`2026-01-31T23:59:59.123456789Z`). */
  readonly ts: string;
  /** The timestamp of the last line of a joined event. */
  readonly lastTs?: string | undefined;
  readonly stream: StreamName;
  readonly text: string;
  /** How many printed lines this is: 1, or more for a joined event. The ledger counts these. */
  readonly lines: number;
  /** The line was longer than the limit and was cut there. */
  readonly truncated: boolean;
  /** Bytes that are not UTF-8 were replaced by U+FFFD in it. */
  readonly replaced: boolean;
  /** What was known of the form of the container's lines when this one came. */
  readonly learned?: LearnedForm | undefined;
  /** Its text was looked at as it stands, and no trace of a secret was seen in it. */
  readonly clear?: boolean | undefined;
}

/**
 * What the lines of one stream of a container taught of their form. JSON, kept with the position: what is learned is the
 * same after a kill. Never changed, replaced by another.
 */
export interface LearnedForm {
  /** How most lines begin: a word for it, see records/heads. */
  readonly kind: string;
  /** -13 to 16: how sure it is that each event begins so. */
  readonly score: number;
  /** Lines with a word behind the level that may be a logger's name, and lines without; counted at the beginning. */
  readonly named: number;
  readonly unnamed: number;
  /** The column of the level, where all have it in the same. */
  readonly column: number;
  /** The number right behind the level, where all lines have the same; 0 where they don't, absent before the first. */
  readonly process?: number | undefined;
  /** -8 to 8: how sure it is that a dotted word behind the level is a logger's name, with nothing to set it off. Absent before the first. */
  readonly dotted?: number | undefined;
  /** -8 to 8: how sure it is that a word before a colon is a logger's name in lines that have a level and no time. Absent before the first. */
  readonly timeless?: number | undefined;
}

/**
 * How the text of a line relates to what came before it on the same stream of the same container.
 * `whole`: stands alone and nothing can follow it. `starts`: stands at the beginning of an event that may go on.
 * `joins`: belongs to the event that is pending.
 */
export type Relation = "whole" | "starts" | "joins";

/** Tells which lines are one event. One joiner for each stream of a container; it remembers what is pending. */
export interface LineJoiner {
  /** What the lines so far have taught; undefined where nothing is learned. May be set, to go on where another was. */
  learned: LearnedForm | undefined;
  relate(text: string): Relation;
  /** What was pending has been handed on (a limit in lines, bytes or time): forget it. */
  reset(): void;
}
