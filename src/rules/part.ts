import { type FieldReader, SEVERITIES, type Severity, type Target } from "../core/decision.js";
import type { LogRecord } from "../core/record.js";
import { severityOf } from "./severity.js";

/** What one rule, the default or an app's wish adds to a decision. Made once, compared by identity. */
export interface Part {
  /** The rule's id; undefined for the default and for wishes. */
  readonly rule: string | undefined;
  /** Sigma rules are not among those that decide: they add. */
  readonly sigma: boolean;
  readonly drop: boolean;
  readonly targets: readonly Target[];
}

/** The part of a rule; several where the event itself says how severe it is. */
export interface Outcome {
  readonly part: Part;
  readonly bySeverity: Readonly<Record<Severity, Part>> | undefined;
  readonly readSeverity: FieldReader | undefined;
}

/** Where the severity is read from the event, `part` holds the one to fall back on. */
export function makeOutcome(part: Part, readSeverity: FieldReader | undefined): Outcome {
  if (readSeverity === undefined) return { part, bySeverity: undefined, readSeverity };
  const variants = SEVERITIES.map((severity) => [severity, withSeverity(part, severity)] as const);
  return { part, bySeverity: Object.fromEntries(variants) as Record<Severity, Part>, readSeverity };
}

function withSeverity(part: Part, severity: Severity): Part {
  const targets = part.targets.map((target) =>
    target.category === "tagged" ? { ...target, severity } : target,
  );
  return { ...part, targets };
}

export function partFor(outcome: Outcome, record: LogRecord): Part {
  if (outcome.bySeverity === undefined || outcome.readSeverity === undefined) return outcome.part;
  const severity = severityOf(outcome.readSeverity(record));
  return severity === undefined ? outcome.part : outcome.bySeverity[severity];
}
