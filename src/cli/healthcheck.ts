import { causeText } from "../core/errors.js";
import { readTrouble } from "../status/life.js";

export interface Health {
  readonly isHealthy: boolean;
  readonly text: string;
}

/** Whether the sidecar of this log folder is alive and its store works. */
export function healthOf(logDir: string, nowMs = Date.now()): Health {
  try {
    const trouble = readTrouble(logDir, nowMs);
    return trouble === undefined
      ? { isHealthy: true, text: "healthy\n" }
      : { isHealthy: false, text: `unhealthy: ${trouble}\n` };
  } catch (error) {
    return { isHealthy: false, text: `unhealthy: ${causeText(error)}\n` };
  }
}
