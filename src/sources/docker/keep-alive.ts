import { setTimeout as sleep } from "node:timers/promises";
import type { Pass } from "./pass.js";
import { lastMessageTime } from "./probe.js";
import type { ReaderOptions } from "./reader-options.js";
import type { Timing } from "./timing.js";
import type { FollowWatch } from "./trust.js";

/**
 * A stream that brings nothing is waited for so many ticks, or times as long as the engine took to tell its last message. On a busy machine its first
 * message can take more than a second; to leave it then costs a small log all that it prints until it is followed again.
 */
const PATIENCE = 4;

interface KeepAliveOptions {
  readonly reader: Pick<ReaderOptions, "address" | "watched" | "ticks">;
  readonly pass: Pass;
  readonly watch: FollowWatch | undefined;
  readonly signal: AbortSignal;
  readonly timing: Timing;
}

/**
 * A stream can hang without an error: the engine follows a file that was rotated away or cut, or a proxy has
 * forgotten the connection. When it is quiet, the engine's last message must be the one that came last.
 * Stops the pass otherwise. What is returned ends it, when the pass has ended.
 */
export function keepAlive(options: KeepAliveOptions): () => void {
  const { pass, watch, timing } = options;
  const { tickMs, firstProbeMs, maxProbeMs } = timing;
  const startedMs = Date.now();
  let probeAfterMs = firstProbeMs;
  let checkedAtMs = 0;
  /** Following has just begun: the engine may have been at the end of a file that was rotated away meanwhile. */
  let checked = watch === undefined;
  let busy = false;
  return options.reader.ticks.begin(() => {
    // What the sink has no room for yet waits in the connection: its silence says nothing.
    if (pass.blocked) checkedAtMs = Date.now();
    if (!pass.found && Date.now() - startedMs >= firstProbeMs) pass.stop("lost");
    const quietMs = Date.now() - Math.max(pass.lastReadMs, checkedAtMs);
    const early = (!checked || watch?.mayHang === true) && quietMs >= tickMs;
    if (busy || !(early || quietMs >= probeAfterMs)) return;
    busy = true;
    isAlive(options).then(
      (alive) => {
        busy = false;
        checked = true;
        checkedAtMs = Date.now();
        watch?.probed();
        if (!early) probeAfterMs = Math.min(maxProbeMs, probeAfterMs * 2);
        if (!alive) pass.stop("silent");
      },
      // The engine does not answer: reading on finds out what is the matter.
      () => pass.stop("silent"),
    );
  });
}

async function isAlive({ pass, reader, signal, timing }: KeepAliveOptions): Promise<boolean> {
  const { address, watched } = reader;
  const { seen, lastTs, lastSeenTs } = pass;
  const askedMs = Date.now();
  const last = await lastMessageTime({ address, id: watched.container.id, tty: watched.tty, signal });
  // What is held for a look at the log is not taken, but has come.
  if (last === undefined || last === lastTs || last === lastSeenTs) return true;
  // An engine that is slow to answer is as slow to send.
  const untilMs = Date.now() + PATIENCE * Math.max(timing.tickMs, Date.now() - askedMs);
  do {
    await sleep(timing.tickMs, undefined, { signal });
    // What has come while this process had no time is heard before.
    await new Promise(setImmediate);
    if (pass.blocked || pass.seen > seen) return true;
  } while (Date.now() < untilMs);
  return false;
}
