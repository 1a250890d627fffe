import { SidecarError } from "../core/errors.js";
import type { Telemetry } from "./telemetry.js";

/** A step that retention took with one file. */
export interface StepTaken {
  readonly step: "compress" | "archive" | "delete" | "tidy";
  readonly path: string;
  readonly category: string;
  readonly freedBytes: number;
}

const COUNTED = {
  compress: "files_compressed_total",
  archive: "files_archived_total",
  delete: "files_deleted_total",
} as const;

/** What a run has done; told in one line, file by file only in the log level debug. */
export function retentionDone(
  telemetry: Telemetry,
  kind: "schedule" | "emergency",
  steps: readonly StepTaken[],
): void {
  const { counters, log } = telemetry;
  counters.add("retention_runs_total", 1, kind);
  const sums = { compress: 0, archive: 0, delete: 0, tidy: 0 };
  let freedBytes = 0;
  for (const { step, path, category, freedBytes: freed } of steps) {
    sums[step] += 1;
    freedBytes += freed;
    if (step !== "tidy") counters.add(COUNTED[step], 1, category);
    counters.add("retention_freed_bytes_total", freed, category);
    if (step === "delete") counters.add("retention_deleted_bytes_total", freed, `${category}/${kind}`);
    log.debug({ path, step, freedBytes: freed }, "retention");
  }
  const { compress: compressed, archive: archived, delete: deleted } = sums;
  const told = { kind, compressed, archived, deleted, freedBytes };
  if (steps.length > 0) log.info(told, "retention has compressed, archived and deleted files");
  else log.debug(told, "retention found nothing to do");
}

/** More than a day's worth would be deleted by one run: said when it is first seen. */
export function deletionWaits(
  telemetry: Telemetry,
  waiting: { readonly since: string; readonly today: string; readonly files: number; readonly bytes: number },
  toldSince: string | undefined,
): void {
  telemetry.counters.add("retention_waits_total");
  const { since, today, files, bytes } = waiting;
  if (since === toldSince) return;
  telemetry.log.warn(
    { files, bytes, today },
    `retention would delete more than one day's files at once and waits for a day with it: is it ${today}, and is the policy meant? \`log-sidecar retention\` does it now`,
  );
}

/** Files that could not be treated: the first is named, all are counted. */
export function retentionFailed(
  telemetry: Telemetry,
  failures: readonly { path: string; why: string }[],
): void {
  telemetry.counters.add("retention_failures_total", failures.length);
  const [first] = failures;
  if (first === undefined) return;
  const error = new SidecarError("RETENTION_FAILED", `${first.path}: ${first.why}`);
  telemetry.log.warn({ code: error.code, files: failures.length }, error.message);
}

/** Something in the folders of the categories is not the sidecar's; said when it is first met. */
export function foreignLeftAlone(
  telemetry: Telemetry,
  found: readonly { path: string; why: string }[],
): void {
  const [first] = found;
  if (first === undefined) return;
  telemetry.log.info(
    { path: first.path, why: first.why, others: found.length - 1 },
    "retention leaves alone what is not the sidecar's",
  );
}

/** What stood in the way when that was last told. */
const missedTold = new WeakMap<Telemetry, string>();

/** There is nothing to free any more: what stands in the way next is told again. */
export function targetReached(telemetry: Telemetry): void {
  missedTold.delete(telemetry);
}

/** The emergency cleanup could not free what it should. */
export function targetMissed(telemetry: Telemetry, missingBytes: number, obstacles: readonly string[]): void {
  // Tried again each minute: told again when something else stands in the way, not when a size has changed a little.
  const what = obstacles.map((each) => each.replace(/[\d.]+ [kMGT]?B\b/g, "")).join("; ");
  if (missedTold.get(telemetry) === what) return;
  missedTold.set(telemetry, what);
  telemetry.log.error(
    { missingBytes, obstacles },
    `the emergency cleanup could not free enough: ${obstacles.join("; ")}`,
  );
}

/** Somebody removed the lock, or took this process for dead. */
export function retentionLockLost(telemetry: Telemetry): void {
  telemetry.log.warn("another run of retention took the lock over");
}

export function indexNotWritten(telemetry: Telemetry, cause: unknown): void {
  telemetry.log.debug(
    { cause },
    "the index of retention could not be written: the next run looks at everything again",
  );
}
