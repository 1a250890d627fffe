import type { Category } from "../core/record.js";
import type { FileWork, Step } from "../retention/plan.js";
import type { CleanupReport, RetentionReport } from "../retention/report.js";

/** What a file is due for. */
export interface PlannedFile {
  readonly path: string;
  readonly category: Category;
  readonly bytes: number;
  readonly steps: readonly Step[];
}

/** What `retention --json` prints. */
export interface RetentionAnswer extends Omit<RetentionReport, "planned"> {
  readonly dryRun: boolean;
  readonly planned: readonly PlannedFile[];
}

/** What `cleanup --json` prints. */
export interface CleanupAnswer extends Omit<CleanupReport, "planned"> {
  readonly dryRun: boolean;
  readonly planned: readonly PlannedFile[];
}

/** A report as it is told. */
export function answerOf<Report extends { readonly planned: readonly FileWork[] }>(
  report: Report,
  dryRun: boolean,
): Omit<Report, "planned"> & { readonly dryRun: boolean; readonly planned: readonly PlannedFile[] } {
  const planned = report.planned.map(({ file, steps }) => ({
    path: file.path,
    category: file.category,
    bytes: file.bytes,
    steps,
  }));
  return { dryRun, ...report, planned };
}
