import type { Container } from "./container.js";
import type { LineLane } from "./lane.js";
import type { Line } from "./line.js";
import type { Watching } from "./watching.js";

/** Lines that can no longer be had. Becomes a record in raw and a metric. */
export interface Gap {
  /** Engine time of the last line that was read before it, if any was. */
  readonly from: string | undefined;
  /** Engine time of the first line after it, if there is one. */
  readonly to: string | undefined;
  readonly why: string;
}

/**
 * Lines of one container together with the position behind them. A batch is taken whole: when its output is
 * durable so is its position, never one without the other.
 */
export interface LineBatch {
  readonly container: Container;
  readonly lines: readonly Line[];
  /** Bytes of text as the app printed it. */
  readonly bytes: number;
  /** Stands before the lines. */
  readonly gap: Gap | undefined;
  /** A JSON value from which the source can go on behind these lines; undefined where a source cannot go back. */
  readonly position: unknown;
  /** `open`: more may come. `ended`: the container stopped and was read to its end. `removed`: it is gone, its position with it. */
  readonly state: "open" | "ended" | "removed";
}

/** Where sources put their lines. */
export interface LineSink {
  /** Takes the batch at once; a promise means: wait for it before bringing more. */
  deliver(batch: LineBatch): Promise<void> | undefined;
  /** A shorter way for lines as they are read; absent where there is none. */
  readonly lane?: LineLane | undefined;
}

/** What a source finds of an earlier run, by container id. */
export interface StoredPosition {
  readonly name: string;
  readonly position: unknown;
  readonly ended: boolean;
}

/** Where lines come from. */
export interface Source {
  /** A later run goes on where this one stopped. A pipe cannot be read again: when `run` resolves, it has brought all there will ever be. */
  readonly resumes: boolean;
  /** Resolves when there will be no more lines: the pipe ended, the command exited, or `stop` was called. */
  run(sink: LineSink): Promise<void>;
  /** Brings no further lines and lets `run` resolve. */
  stop(): Promise<void>;
  /** Of a source that follows containers: what it sees now. */
  readonly watching?: Watching;
}
