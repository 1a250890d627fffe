import { causeText } from "../core/errors.js";
import { silenceMs } from "../status/status.js";
import { readStatus } from "../status/status-file.js";
import type { Console } from "./console.js";

/** `log-sidecar healthcheck`: 0 when the sidecar of this log folder is alive and its store works, else 1. */
export async function healthcheck(
  logDir: string,
  { out, err }: Console,
  nowMs = Date.now(),
): Promise<number> {
  try {
    const status = await readStatus(logDir);
    const silent = silenceMs(status, nowMs);
    const trouble = status.stopped
      ? "it has been stopped"
      : silent === undefined
        ? status.store.failing
        : `it last showed life ${Math.round(silent / 1000)} s ago`;
    if (trouble === undefined) {
      out.write("healthy\n");
      return 0;
    }
    err.write(`unhealthy: ${trouble}\n`);
  } catch (error) {
    err.write(`unhealthy: ${causeText(error)}\n`);
  }
  return 1;
}
