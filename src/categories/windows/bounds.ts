import type { Calendar } from "../../core/calendar.js";
import { nsToTime } from "../../core/time.js";

const DAY_MS = 86_400_000;
const NS_PER_MS = 1_000_000n;

/** Where a window begins and ends (the end is not in it), milliseconds since 1970. */
export interface Bounds {
  readonly startMs: number;
  readonly endMs: number;
  /** Windows that follow each other have numbers that do. */
  readonly index: number;
}

/**
 * The window of a moment. Windows begin at multiples of their length from midnight UTC; those of a day are the days of the
 * calendar's time zone, which can have 23 or 25 hours.
 */
export function boundsAt(ms: number, everyMs: number, calendar: Calendar): Bounds {
  if (everyMs === DAY_MS) return dayAt(ms, calendar);
  const index = Math.floor(ms / everyMs);
  return { startMs: index * everyMs, endMs: (index + 1) * everyMs, index };
}

/** From the end of the day before to its own end, so that no moment is in two days or none, where clocks are set back over midnight too. */
function dayAt(ms: number, calendar: Calendar): Bounds {
  let day = dayNumber(calendar.dateOf(engineTime(ms)));
  let startMs = startOf(day, calendar);
  while (ms < startMs) {
    day -= 1;
    startMs = startOf(day, calendar);
  }
  return { startMs, endMs: startOf(day + 1, calendar), index: day };
}

function startOf(day: number, calendar: Calendar): number {
  return calendar.endOfDateMs(new Date((day - 1) * DAY_MS).toISOString().slice(0, 10));
}

function dayNumber(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

/** Milliseconds of an engine timestamp; what is finer is cut off. */
export function timeToMs(ts: string): number {
  return Date.parse(`${ts.slice(0, 23)}Z`);
}

/** Milliseconds as the engine writes them, so that they compare with its timestamps as text. */
export function engineTime(ms: number): string {
  return nsToTime(BigInt(ms) * NS_PER_MS);
}
