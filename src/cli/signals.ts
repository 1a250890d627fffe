import { sidecarStopping } from "../telemetry/sidecar-events.js";
import type { Telemetry } from "../telemetry/telemetry.js";

/** What is not drained by then is read again at the next start; Docker kills after its own, longer grace. */
const STOP_LIMIT_MS = 8_000;

/**
 * A SIGHUP that comes while the sidecar starts would end it: it is kept until somebody listens. At a SIGUSR1 Node would open its
 * debugger; nothing was read by then that could be committed.
 */
export function heedEarlySignals(): { readonly stop: () => boolean } {
  let came = false;
  const hear = () => {
    came = true;
  };
  const ignore = () => undefined;
  process.on("SIGHUP", hear).on("SIGUSR1", ignore);
  return {
    stop: () => {
      process.off("SIGHUP", hear).off("SIGUSR1", ignore);
      return came;
    },
  };
}

/** What signals ask for. */
export interface Signalled {
  readonly stop: () => Promise<void>;
  readonly reload: () => void;
  readonly flush: () => void;
}

/** SIGTERM and SIGINT drain and commit, SIGHUP reads the rules again, SIGUSR1 commits. Returns what takes the handlers away. */
export function onSignals({ reload, flush, stop: drain }: Signalled, telemetry: Telemetry): () => void {
  const stop = (signal: NodeJS.Signals) => {
    sidecarStopping(telemetry, signal);
    setTimeout(() => {
      telemetry.log.error(
        "not everything could be written in time; what is missing is read again at the next start",
      );
      process.kill(process.pid, "SIGKILL");
    }, STOP_LIMIT_MS).unref();
    drain().catch((error: unknown) => telemetry.log.error({ error }, "stopping failed"));
  };
  process.once("SIGTERM", stop).once("SIGINT", stop).on("SIGHUP", reload).on("SIGUSR1", flush);
  return () => {
    process.off("SIGTERM", stop).off("SIGINT", stop).off("SIGHUP", reload).off("SIGUSR1", flush);
  };
}
