import { causeText } from "../core/errors.js";
import { STATUS_EVERY_MS } from "../status/status.js";
import { readStatus } from "../status/status-file.js";
import type { Console } from "./console.js";

/** A status that is older than this is no sign of life. */
const TOO_OLD_MS = 10 * STATUS_EVERY_MS;

/** `log-sidecar healthcheck`: 0 when the sidecar of this log folder is alive and its store works, else 1. */
export async function healthcheck(
  logDir: string,
  { out, err }: Console,
  nowMs = Date.now(),
): Promise<number> {
  try {
    const { at, store } = await readStatus(logDir);
    const ageMs = nowMs - Date.parse(at);
    const trouble =
      ageMs > TOO_OLD_MS
        ? `it last showed life ${Math.round(ageMs / 1000)} s ago`
        : (store.failing ?? undefined);
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
