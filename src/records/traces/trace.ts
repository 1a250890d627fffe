/**
 * How one language prints an error over several lines, as a small automaton. A state is a number above 0, so that
 * following a trace allocates nothing; 0 means that the line does not belong.
 */
export interface Trace {
  readonly name: string;
  /**
   * The first line may belong to the log line printed just before it, if that one reports trouble: Python's
   * `logging.exception` and Java's loggers print their message, then the trace.
   */
  readonly followsLogLine: boolean;
  /** The state after a line that begins a trace of this kind. */
  start(text: string): number;
  /** The state after a line that goes on with a trace in `state`. */
  next(state: number, text: string): number;
}

/** The line is no part of the trace. */
export const NOT_PART = 0;
