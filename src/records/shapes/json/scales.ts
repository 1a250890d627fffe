import { levelOfNumber, otelLevel } from "../../../core/level-words.js";
import type { Level } from "../../../core/record.js";

/** OpenTelemetry's first number of each level; others of its numbers are pino's (10, 20) or syslog's (1 to 7) as well. */
const OTEL_ONLY = new Set([9, 13, 17, 21]);

/** A number under `severity`: Google Cloud's hundreds (google/logging/type/log_severity.proto), else told apart as under `level`. */
export function severityNumber(value: number): Level | undefined {
  return value >= 100 && value <= 800 ? GOOGLE[Math.floor(value / 100) - 1] : numberedLevel(value);
}

const GOOGLE: readonly Level[] = [
  "debug",
  "info",
  "info",
  "warning",
  "error",
  "critical",
  "critical",
  "critical",
];

/**
 * A number under `level`, told apart by the set it is of: pino's and bunyan's tens, Monolog's hundreds, slog's -4, 0, 4 and 8,
 * OpenTelemetry's 9, 13, 17 and 21.
 */
export function numberedLevel(value: number): Level | undefined {
  return OTEL_ONLY.has(value) ? otelLevel(value) : levelOfNumber(value);
}

/** logback's `level_value`: 5000 trace, 10000 debug, 20000 info, 30000 warn, 40000 error (ch.qos.logback.classic.Level). */
export function logbackLevel(value: number): Level | undefined {
  if (!(value >= 5_000 && value <= 40_000)) return undefined;
  if (value < 10_000) return "trace";
  if (value < 20_000) return "debug";
  if (value < 30_000) return "info";
  return value < 40_000 ? "warning" : "error";
}
