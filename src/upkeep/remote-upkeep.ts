import type { FlushReport } from "../pipeline/flush.js";
import type { StorageReport } from "../retention/storage.js";
import type { Status } from "../status/status.js";
import type { CleanupAnswer, RetentionAnswer } from "./answers.js";
import { type Peer, request } from "./peer.js";
import type { CleanupRequest, RetentionRequest, RunWatch, Upkeep } from "./upkeep.js";

/** Asks the running sidecar of a log folder over HTTP. How far a run has come is not told. */
export class RemoteUpkeep implements Upkeep {
  readonly #peer: Peer;

  constructor(peer: Peer) {
    this.#peer = peer;
  }

  async stats(): Promise<Status> {
    return (await request(this.#peer, "GET", "/api/stats")) as Status;
  }

  async storage(): Promise<StorageReport> {
    return (await request(this.#peer, "GET", "/api/storage")) as StorageReport;
  }

  async retention({ dryRun, nowMs }: RetentionRequest, { signal }: RunWatch): Promise<RetentionAnswer> {
    const now = nowMs === undefined ? undefined : new Date(nowMs).toISOString();
    const body = { dryRun, now };
    return (await request(this.#peer, "POST", "/api/retention", { body, signal })) as RetentionAnswer;
  }

  async cleanup(asked: CleanupRequest, { signal }: RunWatch): Promise<CleanupAnswer> {
    const { dryRun, targetPercent: target, include } = asked;
    const body = { dryRun, target, include };
    return (await request(this.#peer, "POST", "/api/cleanup", { body, signal })) as CleanupAnswer;
  }

  async flush(): Promise<FlushReport> {
    return (await request(this.#peer, "POST", "/api/flush", { body: {} })) as FlushReport;
  }
}
