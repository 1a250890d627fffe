import type { Container } from "./container.js";
import type { StreamName } from "./line.js";

/** Lines that are longer go the long way. */
export const LONGEST_TAKEN_BYTES = 8000;

/** What is brought to the lane together: lines of one stream of one container. */
export interface LaneBatch {
  readonly container: Container;
  readonly stream: StreamName;
  readonly bytes: Uint8Array;
  /** The first line's time. */
  readonly ts: string;
  /** Lines that went the long way were not brought to the sink yet, or an event waits for more. */
  readonly isPending: boolean;
  /**
   * Takes a line that has to go the long way: one character a byte, with its newline. `isAscii`: all of them are below 0x80. `isClear`: no trace of
   * a secret was seen in it.
   */
  long(ts: string, raw: string, isAscii: boolean, isClear: boolean): void;
  /** Brings all that it has to the sink, and ends what is pending: the next line stands alone. */
  settle(): void;
}

/** Whole lines, each with its newline. Each has a time that is a nanosecond later than the one before, and all are of one second. */
export type LaneLines = LaneBatch;

/** Messages of an engine, each of them one line with its newline, and all of one minute. */
export interface LaneMessages extends LaneBatch {
  readonly count: number;
  /** For each message where in `bytes` its text begins, behind its time and a space, and where its newline stands. */
  readonly places: Uint32Array;
  /** All messages before the one with this number were taken, or handed on. */
  reach(index: number): void;
}

/** Takes lines as bytes where it can do without making anything of them: their files, ledger and counters are the same in the end. */
export interface LineLane {
  /** Whether lines of this container may be taken at all. */
  takes(container: Container): boolean;
  /** How many messages may be brought together. */
  readonly mostMessages: number;
  /** Takes all of the lines, or hands them to `long` in their order; gives their number. */
  take(lines: LaneLines): number;
  /** The same of messages; gives how many were taken or handed on: each has to be seen from there on. */
  takeMessages(messages: LaneMessages): number;
}
