import { causeText, SidecarError } from "../core/errors.js";
import type { MetricDeclaration } from "../core/metric.js";
import type { Telemetry } from "./telemetry.js";

/** What an earlier run left and how it was brought back to its checkpoint. */
export interface RecoveryReport {
  readonly segments: number;
  readonly cut: number;
  readonly cutBytes: number;
  readonly removed: number;
  readonly lost: number;
}

export function recovered(telemetry: Telemetry, report: RecoveryReport): void {
  const text =
    report.cut + report.removed > 0
      ? "brought back to the last commit; what is cut off is read and written again"
      : "went on from the last commit";
  telemetry.log.info(report, text);
}

/** A file of ours is missing, shorter than committed, or was changed by somebody. */
export function segmentLost(telemetry: Telemetry, path: string, why: string): void {
  telemetry.counters.add("segments_lost_total");
  telemetry.log.warn({ path }, `${why}; the series goes on in a new file`);
}

/** Files are there that were made after the checkpoint, and not by a run that was killed: told, and left as they are. */
export function filesLater(telemetry: Telemetry, paths: readonly string[]): void {
  telemetry.counters.add("files_later_total", paths.length);
  telemetry.log.warn(
    { files: paths.length, first: paths[0] },
    "files are newer than the checkpoint, as in a copy that was made while a sidecar ran: their lines are read again and may stand twice (log-sidecar backup makes copies that fit)",
  );
}

/** Something that is no folder bears the name of one: what belongs into it goes to another. Said once a folder, counted each time. */
export function folderTaken(telemetry: Telemetry, folder: string, other: string, isKnown: boolean): void {
  telemetry.counters.add("folders_taken_total");
  if (isKnown) return;
  telemetry.log.error(
    { folder, other },
    `${folder} is a link or no folder at all: what belongs there goes to ${other} until it is moved away`,
  );
}

/** Somebody removed what the store keeps for its next start; all of it was in memory, and is there again. */
export function storeFolderGone(telemetry: Telemetry, path: string): void {
  telemetry.counters.add("store_folder_gone_total");
  telemetry.log.error(
    { path },
    `${path} was removed by somebody and is made again: without it the next start would store lines twice`,
  );
}

export function checkpointBroken(telemetry: Telemetry, path: string, why: string): void {
  telemetry.counters.add("checkpoints_broken_total");
  telemetry.log.error(
    { path, code: "CHECKPOINT_BROKEN" },
    `the checkpoint is broken (${why}); it was set aside`,
  );
}

/** There is no checkpoint although an earlier run made files here. */
export function checkpointMissing(telemetry: Telemetry): void {
  telemetry.log.warn("no checkpoint is left of the earlier run: starting anew, in new files");
}

export function lockTaken(telemetry: Telemetry, why: string): void {
  telemetry.log.info(`took the lock over: ${why}`);
}

export const COMMIT_SECONDS: MetricDeclaration = {
  name: "log_sidecar_commit_seconds",
  type: "histogram",
  help: "How long commits take.",
  labelNames: [],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
};

export function committed(telemetry: Telemetry, tookMs: number, segments: number): void {
  telemetry.counters.add("commits_total");
  telemetry.metrics.record(COMMIT_SECONDS, tookMs / 1000, []);
  telemetry.log.debug({ tookMs, segments }, "committed");
}

export function segmentsSealed(telemetry: Telemetry, category: string, count: number): void {
  telemetry.counters.add("segments_sealed_total", count, category);
}

/** The disk is full: said once, until there is space again; `isAgain`: a flood fills it again and again, which is counted only. */
export function diskFull(telemetry: Telemetry, what: string, cause: unknown, isAgain: boolean): void {
  telemetry.counters.add("disk_full_total");
  const error = new SidecarError("DISK_FULL", `${what} did not work`, { cause });
  telemetry.log[isAgain ? "debug" : "error"]({ code: error.code }, error.message);
}

export function diskHasSpace(telemetry: Telemetry, isAgain: boolean): void {
  telemetry.log[isAgain ? "debug" : "info"]("the disk has space again: collecting goes on");
}

/** The disk refuses something for another reason than space: said once, until all works again. */
export function storeFailing(telemetry: Telemetry, what: string, cause: unknown): void {
  telemetry.counters.add("store_failures_total");
  const error = new SidecarError("STORE_FAILED", `${what} did not work and is tried again`, { cause });
  telemetry.log.error({ code: error.code }, error.message);
}

export function storeWorks(telemetry: Telemetry, what: string): void {
  telemetry.log.info(`${what} works again`);
}

/** The reserve was given back, so that what waits can be committed. */
export function reserveSpent(telemetry: Telemetry): void {
  telemetry.counters.add("reserve_spent_total");
  telemetry.log.debug("the reserve on the disk was given back; nothing is taken in until it is there again");
}

/** It is made with the next cleanup that frees enough. */
export function reserveMissing(telemetry: Telemetry, cause: unknown): void {
  telemetry.log.warn(`no reserve could be made on the disk of the log folder: ${causeText(cause)}`);
}

export function emergencyFailed(telemetry: Telemetry, cause: unknown): void {
  telemetry.log.error(`the emergency cleanup failed: ${causeText(cause)}`);
}

/** A staged file could not be finished: its samples are kept and finished later. */
export function sealFailed(telemetry: Telemetry, path: string, cause: unknown): void {
  telemetry.counters.add("seal_failures_total");
  telemetry.log.error({ path }, `could not finish the file, which is tried again: ${causeText(cause)}`);
}

/** The store cannot go on: the process should end, and the next start recovers. */
export function storeBroke(telemetry: Telemetry, cause: unknown): void {
  telemetry.log.fatal({ err: cause }, "the store cannot go on");
}
