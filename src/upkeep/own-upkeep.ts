import { SidecarError } from "../core/errors.js";
import type { FlushReport } from "../pipeline/flush.js";
import type { Retention } from "../retention/retention.js";
import { readStorage, type StorageReport } from "../retention/storage.js";
import type { Status } from "../status/status.js";
import { answerOf, type CleanupAnswer, type RetentionAnswer } from "./answers.js";
import type { CleanupRequest, RetentionRequest, RunWatch, Upkeep } from "./upkeep.js";

interface OwnUpkeepParts {
  readonly retention: Retention;
  readonly readStatus: () => Promise<Status>;
  /** Of the sidecar that runs in this process; undefined where none does. */
  readonly flush?: () => Promise<FlushReport>;
}

/** Does what is asked in this process: that of the running sidecar, or a command beside it. */
export class OwnUpkeep implements Upkeep {
  readonly #parts: OwnUpkeepParts;

  constructor(parts: OwnUpkeepParts) {
    this.#parts = parts;
  }

  stats(): Promise<Status> {
    return this.#parts.readStatus();
  }

  storage(): Promise<StorageReport> {
    return readStorage(this.#parts.retention);
  }

  async retention({ dryRun, nowMs }: RetentionRequest, watch: RunWatch): Promise<RetentionAnswer> {
    return answerOf(await this.#parts.retention.run({ dryRun, nowMs, ...watch }), dryRun);
  }

  async cleanup(request: CleanupRequest, watch: RunWatch): Promise<CleanupAnswer> {
    const { dryRun, targetPercent, include, nowMs } = request;
    const options = { dryRun, targetPercent, nowMs, include: new Set(include), ...watch };
    return answerOf(await this.#parts.retention.cleanUp(options), dryRun);
  }

  flush(): Promise<FlushReport> {
    const { flush } = this.#parts;
    if (flush === undefined) {
      throw new SidecarError("SIDECAR_ABSENT", "Only a running sidecar has something to commit", {
        remedy:
          "Where it runs without HTTP, `kill -USR1` of its process does the same, and its log says what was committed.",
      });
    }
    return flush();
  }
}
