import { setTimeout as pause } from "node:timers/promises";
import { reserveSpent } from "../telemetry/store-events.js";
import type { Telemetry } from "../telemetry/telemetry.js";
import { noRoom, type Reserve } from "./reserve.js";
import type { Trouble } from "./trouble.js";

interface ReliefParts {
  readonly reserve: Reserve;
  readonly trouble: Trouble;
  readonly telemetry: Telemetry;
  /** Commits what there is; never rejects. */
  readonly commit: () => Promise<void>;
  /** Deletes and compresses what is sealed. */
  readonly cleanUp: (() => Promise<void>) | undefined;
}

/** Where even the reserve is too little for what waits, what is sealed already is cleaned up after this. */
const COMMIT_WAIT_MS = 5000;

/**
 * What is done about a full disk: the reserve is given back, what waits is committed into it, and then space is freed. It counts as full until
 * there is room for the reserve again.
 */
export async function relieve({ reserve, trouble, telemetry, commit, cleanUp }: ReliefParts): Promise<void> {
  if (await reserve.spend()) {
    reserveSpent(telemetry);
    const restored = trouble.insist("making the reserve on the disk again", async () => {
      if (trouble.isCleaning) throw noRoom();
      await reserve.restore();
    });
    // It ends otherwise when the store does.
    restored.catch(() => undefined);
    trouble.wake();
    const waiting = new AbortController();
    const limit = pause(COMMIT_WAIT_MS, undefined, { signal: waiting.signal }).catch(() => undefined);
    await Promise.race([commitThrice(commit), limit]);
    waiting.abort();
  }
  await cleanUp?.();
}

/** A segment that has just ended is in a commit, and may be treated when the two after it don't name it any more. */
async function commitThrice(commit: () => Promise<void>): Promise<void> {
  for (let times = 0; times < 3; times++) await commit();
}
