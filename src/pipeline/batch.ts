import type { Decision } from "../core/decision.js";
import type { LogRecord } from "../core/record.js";
import type { LineBatch } from "../core/source.js";

/** A batch on its way through the pipeline: each stage fills in its part. */
export interface RecordBatch {
  readonly source: LineBatch;
  /** The gap's record first, if there is a gap, then one for each line. */
  readonly records: LogRecord[];
}

export interface DecidedBatch extends RecordBatch {
  /** One for each record; `undefined` where the container's own level drops it. */
  readonly decisions: (Decision | undefined)[];
}
