import { z } from "zod";
import { makeFolderBelow, readBelow, replaceBelow } from "../core/below.js";
import { LAST_RUN, RETENTION_FOLDER } from "./places.js";
import type { RetentionReport } from "./report.js";
import { waitingSchema } from "./second-look.js";

/** What became of the last run by schedule that came to its end. */
export const lastRunSchema = z.object({
  /** When it began, as ISO 8601. */
  at: z.string(),
  tookMs: z.number(),
  compressed: z.int(),
  archived: z.int(),
  deleted: z.int(),
  failed: z.int(),
  freedBytes: z.number(),
  /** Deletions that it left for a second look. */
  waiting: waitingSchema.optional(),
});

export type LastRun = z.infer<typeof lastRunSchema>;

/** A run's sums. */
export function summarize(
  report: Pick<RetentionReport, "done" | "failures" | "waiting">,
  atMs: number,
): LastRun {
  const count = (step: string) => report.done.filter((each) => each.step === step).length;
  return {
    at: new Date(atMs).toISOString(),
    tookMs: Date.now() - atMs,
    compressed: count("compress"),
    archived: count("archive"),
    deleted: count("delete"),
    failed: report.failures.length,
    freedBytes: report.done.reduce((sum, { freedBytes }) => sum + freedBytes, 0),
    ...(report.waiting === undefined ? {} : { waiting: report.waiting }),
  };
}

/** Undefined where no run has ended yet, or nobody can tell. */
export async function readLastRun(logDir: string): Promise<LastRun | undefined> {
  try {
    return lastRunSchema.parse(JSON.parse(await readBelow(logDir, LAST_RUN)));
  } catch {
    // A run more does no harm.
    return undefined;
  }
}

/** Durable: a run that a restart follows is not made up again. */
export async function writeLastRun(logDir: string, run: LastRun): Promise<void> {
  await makeFolderBelow(logDir, RETENTION_FOLDER);
  await replaceBelow(logDir, LAST_RUN, JSON.stringify(run), { isDurable: true });
}
