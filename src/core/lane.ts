import type { Container } from "./container.js";
import type { StreamName } from "./line.js";

/** Whole lines of one stream of one container, as bytes. */
export interface LaneLines {
  readonly container: Container;
  readonly stream: StreamName;
  /** Each line with its newline. */
  readonly bytes: Uint8Array;
  /** The first line's time; each further one's is a nanosecond later, and all are of one second. */
  readonly ts: string;
  /** Lines that went the long way were not brought to the sink yet, or an event waits for more. */
  readonly isPending: boolean;
  /** Takes a line that has to go the long way: one character a byte, with its newline. `isAscii`: all of them are below 0x80. */
  long(ts: string, raw: string, isAscii: boolean): void;
  /** Brings all that it has to the sink, and ends what is pending: the next line stands alone. */
  settle(): void;
}

/** Takes lines as bytes where it can do without making anything of them: their files, ledger and counters are the same in the end. */
export interface LineLane {
  /** Whether lines of this container may be taken at all. */
  takes(container: Container): boolean;
  /** Takes all of the lines, or hands them to `long` in their order; gives their number. */
  take(lines: LaneLines): number;
}
