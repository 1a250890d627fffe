import through2 from "through2";
import type { Decision } from "../core/decision.js";
import { LEVEL_RANK, type LogRecord } from "../core/record.js";
import type { RuleMatches } from "../telemetry/rule-matches.js";
import type { DecidedBatch, RecordBatch } from "./batch.js";
import { STAGE_DEPTH } from "./understand-stage.js";

/** Gaps are told in raw whatever the rules say. */
const GAP_DECISION: Decision = {
  rule: undefined,
  targets: [{ category: "raw" }],
  drop: false,
  sampled: false,
  actions: undefined,
};

type Classifier = () => (record: LogRecord) => Decision;

/** Second stage: rules decide where each record goes. `classify` is asked anew for each batch, so that a reload takes hold between two. */
export function classifyStage(classifier: Classifier, matches: RuleMatches) {
  const work = classifyBatches(classifier, matches);
  return through2.obj({ highWaterMark: STAGE_DEPTH }, (batch: RecordBatch, _encoding, done) => {
    done(null, work(batch));
  });
}

/** What the second stage does with a batch. */
export function classifyBatches(classifier: Classifier, matches: RuleMatches) {
  return (batch: RecordBatch): DecidedBatch => {
    const classify = classifier();
    const { minLevel } = batch.source.container;
    const least = minLevel === undefined ? 0 : LEVEL_RANK[minLevel];
    const decisions = batch.records.map((record) => {
      if (record.lines === 0) return GAP_DECISION;
      return LEVEL_RANK[record.level] < least ? undefined : classify(record);
    });
    countMatches(batch.records, decisions, matches);
    return { ...batch, decisions };
  };
}

/** Neighbours are mostly decided alike: they are counted together. */
function countMatches(
  records: readonly LogRecord[],
  decisions: readonly (Decision | undefined)[],
  matches: RuleMatches,
): void {
  let current: Decision | undefined;
  let lines = 0;
  for (let at = 0; at < records.length; at++) {
    const decision = decisions[at];
    if (decision !== current) {
      if (current !== undefined) matches.add(current, lines);
      current = decision;
      lines = 0;
    }
    lines += records[at]!.lines;
  }
  if (current !== undefined) matches.add(current, lines);
}
