import type { Target } from "../core/decision.js";
import { LEVEL_RANK, type LogRecord } from "../core/record.js";

/** Whether what is written of a record is worth a commit within a second: errors, and what is tagged. */
export function isUrgent({ level }: LogRecord, targets: readonly Target[]): boolean {
  return LEVEL_RANK[level] >= LEVEL_RANK.error || targets.some(({ category }) => category === "tagged");
}
