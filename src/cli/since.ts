import { parseDuration } from "../config/units.js";
import { SidecarError } from "../core/errors.js";
import { nsToTime } from "../core/time.js";

/**
 * The engine timestamp that `--since` names: so long ago, or a time.
 * @throws SidecarError SETTINGS_INVALID
 */
export function startTime(since: string | undefined): string | undefined {
  if (since === undefined) return undefined;
  const ms = parseDuration(since);
  if (ms !== undefined) return nsToTime(BigInt(Date.now() - ms) * 1_000_000n);
  const timeMs = /^\d{4}-\d\d-\d\d/.test(since) ? Date.parse(since) : Number.NaN;
  if (Number.isFinite(timeMs)) return nsToTime(BigInt(timeMs) * 1_000_000n);
  throw new SidecarError(
    "SETTINGS_INVALID",
    `--since=${since}: expected a duration such as 2d or 24h, or a time such as 2026-01-31T12:00:00Z`,
  );
}
