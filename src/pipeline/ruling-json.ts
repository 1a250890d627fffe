import { type RecordLine, tagsMark } from "../categories/record-line.js";
import { marksOf } from "../categories/tagged.js";
import type { Decision } from "../core/decision.js";
import { allTargets } from "../rules/decisions.js";
import type { Ruling } from "../rules/explain.js";
import { categoriesOf } from "../rules/self-test.js";

/** What `explain --json` prints of a line: one JSON object. The record's line is JSON already; reading and writing it again could only change it. */
export function rulingJson(ruling: Ruling, recordLine: RecordLine): string {
  const { record, decision, by, matched, actions, written, metrics } = ruling;
  return (
    `${frontOf(decision)},"matched":${JSON.stringify(matched)}` +
    `,"record":${writtenRecord({ record, decision }, recordLine)}` +
    `,"by":"${by}","drop":${decision.drop},"written":${JSON.stringify(written)}` +
    (actions.length === 0 ? "" : `,"actions":${JSON.stringify(actions)}`) +
    (metrics.length === 0 ? "}" : `,"metrics":${JSON.stringify(metrics)}}`)
  );
}

/** Decisions are shared by all records that the same rules match, so their text is made once. */
const fronts = new WeakMap<Decision, string>();

function frontOf(decision: Decision): string {
  let front = fronts.get(decision);
  if (front === undefined) {
    const { rule = null } = decision;
    front = JSON.stringify({ rule, to: categoriesOf(decision) }).slice(0, -1);
    fronts.set(decision, front);
  }
  return front;
}

/** The record as raw has it, or as tagged has it where it goes to tagged alone. */
function writtenRecord(
  { record, decision }: Pick<Ruling, "record" | "decision">,
  recordLine: RecordLine,
): string {
  const targets = allTargets(decision);
  const raw = targets.some(({ category }) => category === "raw");
  const tagged = targets.find((target) => target.category === "tagged");
  const line =
    raw || tagged === undefined
      ? recordLine.format(record, decision.rule, tagsMark(record.tags))
      : recordLine.format(record, tagged.rule, marksOf([...(record.tags ?? []), ...tagged.tags], tagged));
  return line.slice(0, -1);
}
