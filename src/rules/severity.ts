import { SEVERITIES, type Severity } from "../core/decision.js";
import type { Level } from "../core/record.js";

/** What apps and Sigma rules say, lower case. Numbers are left alone: some count up, some down. */
const WORDS: Readonly<Record<string, Severity>> = {
  informational: "informational",
  information: "informational",
  info: "informational",
  debug: "informational",
  notice: "informational",
  low: "low",
  minor: "low",
  medium: "medium",
  moderate: "medium",
  warning: "medium",
  warn: "medium",
  high: "high",
  major: "high",
  severe: "high",
  error: "high",
  critical: "critical",
  fatal: "critical",
  alert: "critical",
  emergency: "critical",
};

/** The severity that a value from an event stands for, undefined where it is none. */
export function severityOf(value: unknown): Severity | undefined {
  if (typeof value !== "string") return undefined;
  const word = value.trim().toLowerCase();
  return Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
}

/** The severity of a record that says none itself. */
export const LEVEL_SEVERITY: Readonly<Record<Level, Severity>> = {
  trace: "informational",
  debug: "informational",
  info: "informational",
  warning: "medium",
  error: "high",
  critical: "critical",
};

export function highest(a: Severity, b: Severity): Severity {
  return SEVERITIES.indexOf(a) >= SEVERITIES.indexOf(b) ? a : b;
}
