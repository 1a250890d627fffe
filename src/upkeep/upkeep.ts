import type { FlushReport } from "../pipeline/flush.js";
import type { RunOptions } from "../retention/report.js";
import type { Sacrifice } from "../retention/sacrifice.js";
import type { StorageReport } from "../retention/storage.js";
import type { Status } from "../status/status.js";
import type { CleanupAnswer, RetentionAnswer } from "./answers.js";

export interface RetentionRequest {
  readonly dryRun: boolean;
  /** Milliseconds since 1970; now where it is undefined. */
  readonly nowMs: number | undefined;
}

export interface CleanupRequest {
  readonly dryRun: boolean;
  readonly targetPercent: number;
  /** As for retention; only where this process does it. */
  readonly nowMs?: number | undefined;
  readonly include: readonly Sacrifice[];
}

/** How a run is ended early, and how it tells how far it has come. */
export type RunWatch = Pick<RunOptions, "signal" | "onFile">;

/**
 * What can be asked of a log folder and of its sidecar: by commands, which ask the running sidecar where one answers, and over HTTP.
 * Everything throws SidecarErrors.
 */
export interface Upkeep {
  stats(): Promise<Status>;
  storage(): Promise<StorageReport>;
  retention(request: RetentionRequest, watch: RunWatch): Promise<RetentionAnswer>;
  cleanup(request: CleanupRequest, watch: RunWatch): Promise<CleanupAnswer>;
  /** Everything that was read is committed when it resolves. */
  flush(): Promise<FlushReport>;
}
