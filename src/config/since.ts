import { SidecarError } from "../core/errors.js";
import { isEngineTime, nsToTime } from "../core/time.js";
import { parseDuration } from "./units.js";

const TIME = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/;

/**
 * The engine timestamp that `--since` (or another flag) means: so long ago (`2d`), or a time (`2026-01-31T12:00:00Z`; a date alone is its midnight in UTC).
 * @throws SidecarError SETTINGS_INVALID
 */
export function startTime(since: string | undefined, flag = "since"): string | undefined {
  if (since === undefined) return undefined;
  if (isEngineTime(since) && since.length === 30) return since;
  const ms = parseDuration(since);
  const startMs = ms === undefined ? (TIME.test(since) ? Date.parse(since) : Number.NaN) : Date.now() - ms;
  if (!Number.isNaN(startMs)) return nsToTime(BigInt(startMs) * 1_000_000n);
  throw new SidecarError(
    "SETTINGS_INVALID",
    `--${flag}=${since}: expected a duration such as 2d or 24h, or a time such as 2026-01-31T12:00:00Z`,
    { remedy: `Write --${flag}=2d, or see the command's \`--help\`.` },
  );
}
