import type { RecordTargets } from "../categories/writers.js";
import type { Actions, Decision, Target } from "../core/decision.js";
import type { MetricSink } from "../core/metric.js";
import { LEVEL_RANK, type LogRecord } from "../core/record.js";
import type { Counters } from "../telemetry/counters.js";
import { applyEdits } from "./edits.js";
import type { HeldRecords } from "./held/held-records.js";
import type { Account } from "./ledger.js";
import { recordMetrics } from "./sample-metrics.js";

export interface SettleOptions {
  readonly write: (record: LogRecord, decision: RecordTargets, hasRaw?: boolean) => number;
  readonly held: HeldRecords;
  readonly counters: Counters;
  /** Where the values go that rules take out of records. */
  readonly metrics: MetricSink;
  /** Whether records of level debug and trace are left out of raw now. Asked once a batch. */
  readonly sheds: () => boolean;
}

/** Does what was decided of a record and counts its lines once; true when it was written, or is held as a record of its own. */
export type Settle = (record: LogRecord, decision: Decision) => boolean;

/** For the lines of one container's batch. */
export function settling(account: Account, options: SettleOptions): Settle {
  const settle = settlingWithout(account, options);
  const { metrics } = options;
  return (record, decision) => {
    const isNew = settle(record, decision);
    // Edited by now: what a rule redacts is not exported either.
    if (decision.metrics !== undefined) recordMetrics(decision.metrics, record, metrics);
    return isNew;
  };
}

function settlingWithout(account: Account, options: SettleOptions): Settle {
  const { write, counters } = options;
  const parts = { ...options, account };
  const isShedding = options.sheds();
  return (record, whole) => {
    const decision = isShedding && LEVEL_RANK[record.level] < LEVEL_RANK.info ? withoutRaw(whole) : whole;
    if (decision === undefined) {
      account.shed += record.lines;
      counters.add("records_dropped_total", record.lines, "shed");
      return false;
    }
    if (decision.actions !== undefined) return act(record, decision, parts);
    if (write(record, decision) > 0) {
      account.written += record.lines;
      return true;
    }
    leave(record, decision, parts);
    return false;
  };
}

/** By the decision that is shared by all records like it; null where nothing is left of it. */
const sheddings = new WeakMap<Decision, Decision | null>();

/** The decision without raw, now or when a window is over; undefined where raw is all that was decided. */
function withoutRaw(decision: Decision): Decision | undefined {
  let shed = sheddings.get(decision);
  if (shed === undefined) {
    const targets = decision.targets.filter(isNotRaw);
    const { edits, waiting } = decision.actions ?? NO_ACTIONS;
    const stillWaiting = waiting.flatMap((one) => {
      const left = one.targets.filter(isNotRaw);
      return left.length === 0 ? [] : [{ ...one, targets: left }];
    });
    const isAll = targets.length + stillWaiting.length === 0 && decision.targets.length + waiting.length > 0;
    const actions = decision.actions && { edits, waiting: stillWaiting };
    shed = isAll ? null : { ...decision, targets, actions };
    sheddings.set(decision, shed);
  }
  return shed ?? undefined;
}

function isNotRaw({ category }: Target): boolean {
  return category !== "raw";
}

const NO_ACTIONS: Actions = { edits: [], waiting: [] };

/** The ways of the few: edited before anything is written, at once or when a window is over. */
function act(
  record: LogRecord,
  decision: Decision,
  { write, held, counters, account }: SettleOptions & { readonly account: Account },
): boolean {
  const { edits, waiting } = decision.actions ?? NO_ACTIONS;
  applyEdits(record, edits);
  const rawWaits = waiting.some(({ targets }) => targets.some(({ category }) => category === "raw"));
  let isNew = write(record, decision, rawWaits) > 0;
  let isCounted = isNew;
  if (isNew) account.written += record.lines;
  for (const one of waiting) {
    const lines = isCounted ? 0 : record.lines;
    const became = held.take(record, { waiting: one, rule: decision.rule, lines });
    account[became] += lines;
    if (became === "collapsed") counters.add("lines_collapsed_total", lines);
    isNew ||= became === "held";
    isCounted = true;
  }
  if (!isCounted) leave(record, decision, { counters, account });
  return isNew;
}

/** Nothing is written. */
function leave(
  record: LogRecord,
  { sampled }: Decision,
  { counters, account }: { readonly counters: Counters; readonly account: Account },
): void {
  if (sampled) {
    account.sampled += record.lines;
    counters.add("records_dropped_total", record.lines, "sampled");
  } else {
    account.droppedByRule += record.lines;
    counters.add("records_dropped_total", record.lines, "rule");
  }
}
