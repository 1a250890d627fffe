import { setTimeout as sleep } from "node:timers/promises";
import { SidecarError } from "../core/errors.js";
import type { Store } from "../store/store.js";
import { flushed, flushFailed } from "../telemetry/sidecar-events.js";
import type { Telemetry } from "../telemetry/telemetry.js";
import type { Ledger } from "./ledger.js";
import type { Stages } from "./stages.js";

/** What a flush made durable that was not yet. */
export interface FlushReport {
  /** When it was done, as ISO 8601. */
  readonly at: string;
  readonly tookMs: number;
  /** Lines read since the commit before, and those of them that were written. */
  readonly lines: number;
  readonly written: number;
  /** Commits since the sidecar started. */
  readonly commits: number;
}

interface FlushParts {
  readonly intake: Pick<Stages["intake"], "settled">;
  readonly store: Pick<Store, "commit" | "status">;
  readonly ledger: Pick<Ledger, "atCommit">;
}

/** Flushes, and says in the log what was committed. Never rejects. */
export async function flushFor(
  why: string,
  doIt: () => Promise<FlushReport>,
  telemetry: Telemetry,
): Promise<void> {
  try {
    flushed(telemetry, why, await doIt());
  } catch (cause) {
    flushFailed(telemetry, why, cause);
  }
}

/** A disk that refuses for so long is told to whoever waits. */
const LIMIT_MS = 30_000;

/**
 * Everything that was read when it is called is committed when it returns.
 * @throws SidecarError DISK_FULL or STORE_FAILED when that takes too long; it is tried further all the same.
 */
export async function flush({ intake, store, ledger }: FlushParts, limitMs = LIMIT_MS): Promise<FlushReport> {
  const startMs = performance.now();
  const before = ledger.atCommit;
  const done = intake.settled().then(() => store.commit());
  const patience = new AbortController();
  const outcome = await Promise.race([
    done.then(() => "done" as const),
    sleep(limitMs, "late" as const, { signal: patience.signal }),
  ]).finally(() => patience.abort());
  const { diskFull, failing, commits } = store.status();
  if (outcome === "late") {
    const why = failing ?? `the store is busy for more than ${limitMs / 1000} s`;
    throw new SidecarError(diskFull ? "DISK_FULL" : "STORE_FAILED", `Not everything is committed: ${why}.`);
  }
  const after = ledger.atCommit;
  return {
    at: new Date().toISOString(),
    tookMs: Math.round(performance.now() - startMs),
    lines: after.read - before.read,
    written: after.written - before.written,
    commits,
  };
}
