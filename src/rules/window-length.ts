import { parseDuration } from "../config/units.js";

/** What `every` and `grace` say of windows. A text is what is wrong, to stand behind the key and its value. */

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Milliseconds of a window's length: from 1s to 1d, so that a day is a whole number of windows and each day has the same. */
export function readWindowLength(value: unknown): number | string {
  const ms = typeof value === "string" ? parseDuration(value) : undefined;
  if (ms === undefined || ms < SECOND_MS || ms > DAY_MS) {
    return "the length of a window is a duration from 1s to 1d, such as 1m";
  }
  if (DAY_MS % ms === 0) return ms;
  const unitMs = [HOUR_MS, 60_000, SECOND_MS].find((unit) => ms % unit === 0) ?? SECOND_MS;
  const [below, above] = neighbours(ms, unitMs);
  return `a day has to be a whole number of windows; ${lengthText(below)} and ${lengthText(above)} are the nearest`;
}

/** Milliseconds that a window is waited for after its end: from 0s to 1h. */
export function readGrace(value: unknown): number | string {
  const ms = typeof value === "string" ? parseDuration(value) : undefined;
  if (ms !== undefined && ms <= HOUR_MS) return ms;
  return "it is a duration from 0s to 1h, such as 10s";
}

/** The lengths that divide a day next to one that does not, in its own unit: for 7m people want to hear 6m, not 432s. */
function neighbours(ms: number, unitMs: number): [below: number, above: number] {
  let below = Math.floor(ms / unitMs) * unitMs;
  while (DAY_MS % below !== 0) below -= unitMs;
  let above = Math.ceil(ms / unitMs) * unitMs;
  while (DAY_MS % above !== 0) above += unitMs;
  return [below, above];
}

/** A duration in its largest unit without a remainder: `90s`, `1m`. */
export function lengthText(ms: number): string {
  for (const [unit, unitMs] of [
    ["d", DAY_MS],
    ["h", HOUR_MS],
    ["m", 60_000],
    ["s", SECOND_MS],
  ] as const) {
    if (ms % unitMs === 0) return `${ms / unitMs}${unit}`;
  }
  return `${ms}ms`;
}
