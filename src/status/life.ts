import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SidecarError } from "../core/errors.js";

/** The status is written this often when something has changed, … */
export const STATUS_EVERY_MS = 2_000;
/** … or at least this often, less 2 s: beside quiet containers each file that is made costs more than all else … */
export const UNCHANGED_MS = 4 * STATUS_EVERY_MS;
/** … and one that is older than this is no sign of life. */
const SIGN_OF_LIFE_MS = 10 * STATUS_EVERY_MS;

/** How long the sidecar has shown no sign of life, in milliseconds; undefined while it lives. */
export function silenceMs({ at }: Pick<Life, "at">, nowMs: number): number | undefined {
  const ageMs = nowMs - Date.parse(at);
  return ageMs > SIGN_OF_LIFE_MS ? ageMs : undefined;
}

/** Below the log folder. */
export const STATUS_PATH = ".sidecar/status.json";

/** What the health check asks of a status (status.ts has all of it). */
interface Life {
  readonly at: string;
  readonly stopped: boolean;
  readonly store: { readonly failing?: string | undefined };
  /** Absent where nothing is forwarded. */
  readonly forward?: { readonly trouble?: string | undefined } | undefined;
}

/** What keeps a sidecar that shows signs of life from doing its job; undefined when nothing does. */
export function troubleOf({ stopped, store, forward }: Omit<Life, "at">): string | undefined {
  return stopped ? "it has been stopped" : (store.failing ?? forward?.trouble);
}

/**
 * What keeps the sidecar of this log folder from doing its job; undefined when nothing does. Asked every 30 seconds for as long as a
 * container lives, so it needs no package, and little of Node.
 * @throws SidecarError SIDECAR_ABSENT when there is no status
 */
export function readTrouble(logDir: string, nowMs = Date.now()): string | undefined {
  const life = readLife(logDir);
  const silent = life.stopped ? undefined : silenceMs(life, nowMs);
  return silent === undefined ? troubleOf(life) : `it last showed life ${Math.round(silent / 1000)} s ago`;
}

function readLife(logDir: string): Life {
  try {
    const { at, stopped, store, forward } = JSON.parse(
      readFileSync(join(logDir, STATUS_PATH), "utf8"),
    ) as Life;
    if (Number.isNaN(Date.parse(at))) throw new Error(`its time is ${at}`);
    return { at, stopped, store, ...(forward !== undefined && { forward }) };
  } catch (cause) {
    throw absent(logDir, cause);
  }
}

export function absent(logDir: string, cause: unknown): SidecarError {
  return new SidecarError("SIDECAR_ABSENT", `no status of a sidecar in ${logDir}`, { cause });
}
