import type { Container } from "../../core/container.js";
import type { Decision, Target } from "../../core/decision.js";
import type { Slot } from "../../lane/slots.js";
import type { RuleSource } from "../../rules/schema.js";
import type { CounterName } from "../../telemetry/counters.js";

/**
 * The one place that says what the lane may take: everything that is not named here goes the long way. What is new in rules, decisions,
 * targets or counters is so until somebody has thought about it.
 */

/** Keys of rules that do no more than choose targets. */
const RULE_KEYS: ReadonlySet<string> = new Set([
  "id",
  "description",
  "match",
  "to",
  "drop",
  "continue",
  // Told by the decision.
  "metric",
  "tags",
  "references",
]);
const DECISION_KEYS: ReadonlySet<string> = new Set(["rule", "targets", "drop"]);
const EXTENSIONS: ReadonlySet<string> = new Set([".jsonl", ".csv", ".npz", ".pkl"]);
/** Counted anew for each line, in the same way for all lines of a plan. */
const COUNTERS: ReadonlySet<CounterName> = new Set<CounterName>([
  "lines_read_total",
  "bytes_read_total",
  "records_written_total",
  "records_dropped_total",
  "tagged_records_total",
]);

/** Where lines are joined by a pattern of one's own, or never read as JSON, the lane sees too little. */
export function mayTake({ multiline, format }: Container): boolean {
  return multiline === undefined && (format === undefined || ["auto", "json", "text", ""].includes(format));
}

/** An entry of Docker's own logs, which a pipe may hold: the line is what stands in it (sources/pipe/docker-entries.ts). */
export function mayBeWrapped([first]: readonly Slot[]): boolean {
  return first?.path[0] === "log";
}

/** Whether a rule that matched does nothing but choose targets. */
export function onlySends(source: RuleSource): boolean {
  return Object.entries(source).every(([key, value]) => isNothing(value) || RULE_KEYS.has(key));
}

/** What it measures is told of the lines that are taken, too (measures.ts). */
export function onlyWrites({ metrics: _, ...decision }: Decision): boolean {
  const others = Object.entries(decision).filter(([key]) => !DECISION_KEYS.has(key));
  return others.every(([, value]) => isNothing(value)) && decision.targets.every(isPlain);
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === false || (Array.isArray(value) && value.length === 0);
}

function isPlain(target: Target): boolean {
  return target.category !== "summary" || target.windows === undefined;
}

export function isKnownFile(extension: string): boolean {
  return EXTENSIONS.has(extension);
}

export function isKnownCounter(name: CounterName): boolean {
  return COUNTERS.has(name);
}
