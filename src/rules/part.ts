import {
  type Dedupe,
  type Edit,
  type FieldReader,
  type RuleMetric,
  SEVERITIES,
  type Severity,
  type Target,
} from "../core/decision.js";
import type { LogRecord } from "../core/record.js";
import { withSeverity as metricWithSeverity } from "./metrics.js";
import { isKept } from "./sampling.js";
import { severityOf } from "./severity.js";

/** What one rule, the default or an app's wish adds to a decision. Made once, compared by identity. */
export interface Part {
  /** The rule's id; undefined for the default, for wishes, and for rules that only edit: they decide nothing. */
  readonly rule: string | undefined;
  /** Sigma rules are not among those that decide: they add. */
  readonly sigma: boolean;
  readonly drop: boolean;
  readonly targets: readonly Target[];
  /** It has no targets, because the record is not of the share that the rule keeps. */
  readonly sampled: boolean;
  readonly edit: Edit | undefined;
  /** Its targets wait until the window of the first of equal records is over. */
  readonly dedupe: Dedupe | undefined;
  readonly metrics?: readonly RuleMetric[];
}

/** The part of a rule; several where the event itself says how severe it is, or only a share is kept. */
export interface Outcome {
  readonly part: Part;
  readonly bySeverity: Readonly<Record<Severity, Part>> | undefined;
  readonly readSeverity: FieldReader | undefined;
  /** The share of lines that is kept, above 0 and at most 1; undefined where all are. */
  readonly share: number | undefined;
  /** The part of a line that is not of the share. */
  readonly left: Part;
}

/** Where the severity is read from the event, `part` holds the one to fall back on. */
export function makeOutcome(
  part: Part,
  { readSeverity, share }: { readSeverity: FieldReader | undefined; share: number | undefined },
): Outcome {
  const left: Part = { ...part, targets: [], sampled: true, dedupe: undefined };
  if (readSeverity === undefined) return { part, bySeverity: undefined, readSeverity, share, left };
  const variants = SEVERITIES.map((severity) => [severity, withSeverity(part, severity)] as const);
  const bySeverity = Object.fromEntries(variants) as Record<Severity, Part>;
  return { part, bySeverity, readSeverity, share, left };
}

/** Whether a record that the rule matched is asked of the default as well: the rule only edits or measures it. */
export function onlyEdits({ part }: Outcome): boolean {
  return (part.edit !== undefined || part.metrics !== undefined) && part.targets.length === 0 && !part.drop;
}

function withSeverity(part: Part, severity: Severity): Part {
  const targets = part.targets.map((target) =>
    target.category === "tagged" ? { ...target, severity } : target,
  );
  if (part.metrics === undefined) return { ...part, targets };
  return { ...part, targets, metrics: part.metrics.map((metric) => metricWithSeverity(metric, severity)) };
}

/** `keepAll`: as if every line were of the share, for people who ask what a rule does. */
export function partFor(outcome: Outcome, record: LogRecord, keepAll: boolean): Part {
  if (outcome.share !== undefined && !keepAll && !isKept(record, outcome.share)) return outcome.left;
  if (outcome.bySeverity === undefined || outcome.readSeverity === undefined) return outcome.part;
  const severity = severityOf(outcome.readSeverity(record));
  return severity === undefined ? outcome.part : outcome.bySeverity[severity];
}
