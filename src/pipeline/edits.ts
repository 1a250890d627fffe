import type { Edit } from "../core/decision.js";
import type { LogRecord } from "../core/record.js";
import { redactPaths } from "../records/edit/redact-paths.js";
import { setFields } from "../records/edit/set-fields.js";

/** Makes the changes of all rules that matched, in the order of the rules; what one of them sets it can redact as well. */
export function applyEdits(record: LogRecord, edits: readonly Edit[]): void {
  for (const { set, redact } of edits) {
    if (set !== undefined) setFields(record, set);
    if (redact !== undefined) redactPaths(record, redact);
  }
}
