import { Writable } from "node:stream";
import type { Decision } from "../core/decision.js";
import { LEVEL_RANK, type LogRecord } from "../core/record.js";
import type { Counters } from "../telemetry/counters.js";
import type { DecidedBatch } from "./batch.js";
import type { Ledger } from "./ledger.js";
import type { Positions } from "./positions.js";
import { STAGE_DEPTH } from "./understand-stage.js";

interface WriteOptions {
  readonly write: (record: LogRecord, decision: Decision) => number;
  /** Records were handed to the store: a commit becomes due. */
  readonly noteRecords: (count: number, urgent: boolean) => void;
  /** Resolves when the store can take more. */
  readonly room: () => Promise<void>;
  readonly positions: Positions;
  readonly ledger: Ledger;
  readonly counters: Counters;
}

/**
 * Last stage: records become entries of the categories. Entries, ledger and position of a batch change together
 * without a pause between them, so that a commit sees all of a batch or nothing of it.
 */
export function writeStage(options: WriteOptions): Writable {
  return new Writable({
    objectMode: true,
    highWaterMark: STAGE_DEPTH,
    write(batch: DecidedBatch, _encoding, done) {
      const { records, urgent } = writeBatch(batch, options);
      options.noteRecords(records, urgent);
      options.room().then(() => done(), done);
    },
  });
}

function writeBatch(batch: DecidedBatch, { write, positions, ledger, counters }: WriteOptions) {
  const account = ledger.of(batch.source.container);
  let records = 0;
  let urgent = false;
  for (const [index, record] of batch.records.entries()) {
    const decision = batch.decisions[index];
    account.read += record.lines;
    if (decision === undefined) {
      account.droppedByLevel += record.lines;
      counters.add("lines_dropped_total", record.lines, "level");
    } else if (write(record, decision) > 0) {
      account.written += record.lines;
      records += 1;
      if (record.lines === 0) account.gaps += 1;
      urgent ||= LEVEL_RANK[record.level] >= LEVEL_RANK.error || isTagged(decision);
    } else {
      account.droppedByRule += record.lines;
      counters.add("lines_dropped_total", record.lines, "rule");
    }
  }
  positions.advance(batch.source);
  if (batch.source.state === "removed") ledger.remove(batch.source.container);
  // A position that moved is worth a commit even where every line was dropped.
  return { records: Math.max(records, 1), urgent };
}

function isTagged(decision: Decision): boolean {
  return decision.targets.some((target) => target.category === "tagged");
}
