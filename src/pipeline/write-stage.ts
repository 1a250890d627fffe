import { Writable } from "node:stream";
import type { DecidedBatch } from "./batch.js";
import type { Ledger } from "./ledger.js";
import type { Positions } from "./positions.js";
import { type SettleOptions, settling } from "./settle.js";
import { STAGE_DEPTH } from "./understand-stage.js";
import { isUrgent } from "./urgency.js";

export interface WriteOptions extends SettleOptions {
  /** Records were handed to the store: a commit becomes due. */
  readonly noteRecords: (count: number, urgent: boolean) => void;
  /** Resolves when the store can take more. */
  readonly room: () => Promise<void>;
  readonly positions: Positions;
  readonly ledger: Ledger;
  /** A batch is with the store. */
  readonly onSettled: () => void;
}

/**
 * Last stage: records become entries of the categories. Entries, held records, ledger and position of a batch change together
 * without a pause between them, so that a commit sees all of a batch or nothing of it.
 */
export function writeStage(options: WriteOptions): Writable {
  return new Writable({
    objectMode: true,
    highWaterMark: STAGE_DEPTH,
    write(batch: DecidedBatch, _encoding, done) {
      writeBatch(batch, options);
      options.onSettled();
      options.room().then(() => done(), done);
    },
  });
}

/** What the last stage does with a batch. */
export function writeBatch(batch: DecidedBatch, options: Omit<WriteOptions, "room" | "onSettled">): void {
  const { positions, ledger, held, counters } = options;
  const { container, state } = batch.source;
  const account = ledger.of(container);
  const settle = settling(account, options);
  let records = 0;
  let urgent = false;
  for (const [index, record] of batch.records.entries()) {
    const decision = batch.decisions[index];
    account.read += record.lines;
    if (held.count > 0) held.passEngineTime(container.id, record.ts);
    if (decision === undefined) {
      account.droppedByLevel += record.lines;
      counters.add("records_dropped_total", record.lines, "level");
      continue;
    }
    if (!settle(record, decision)) continue;
    records += 1;
    if (record.lines === 0) account.gaps += 1;
    urgent ||= isUrgent(record, decision.targets);
  }
  positions.advance(batch.source);
  if (state === "removed") {
    held.endContainer(container.id);
    ledger.remove(container);
  }
  // A position that moved is worth a commit even where every line was dropped.
  options.noteRecords(Math.max(records, 1), urgent);
}
