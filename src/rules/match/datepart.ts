/** The parts that the time modifiers take from a date, with the numbers that each can be. */
export const DATE_PARTS = {
  minute: [0, 59],
  hour: [0, 23],
  day: [1, 31],
  week: [1, 53],
  month: [1, 12],
  year: [0, 9999],
} as const;
export type DatePart = keyof typeof DATE_PARTS;

/** ISO 8601 and its usual relatives (blank for T, slashes for dashes), not followed by a further digit. */
const WRITTEN = /^[ \t]?(\d{4})[-/](\d{2})[-/](\d{2})(?:[T _](\d{2}):(\d{2})(?!\d)|(?!\d))/i;

/** A number at or above this is milliseconds since 1970 (1973 on), below it seconds. */
const LEAST_MILLISECONDS = 1e11;

/**
 * Takes a part from a date: from text as it is written, with no conversion of time zones, or from a number of
 * seconds or milliseconds since 1970, in UTC. Weeks are those of ISO 8601. NaN for anything that is no date,
 * and for hour and minute of a date without them.
 */
export function datePart(part: DatePart): (value: unknown) => number {
  return (value) => {
    if (typeof value === "number") return fromDate(part, epoch(value));
    if (typeof value !== "string") return Number.NaN;
    const found = WRITTEN.exec(value);
    if (found === null) return Number.NaN;
    const [, year, month, day, hour, minute] = found;
    if ((part === "hour" || part === "minute") && hour === undefined) return Number.NaN;
    const date = new Date(
      Date.UTC(2000, Number(month) - 1, Number(day), Number(hour ?? 0), Number(minute ?? 0)),
    );
    // Years below 100 would be taken for 19xx by Date.UTC.
    date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
    const real = date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day);
    const clock = Number(hour ?? 0) < 24 && Number(minute ?? 0) < 60;
    return real && clock ? fromDate(part, date) : Number.NaN;
  };
}

function epoch(value: number): Date {
  return new Date(Math.abs(value) >= LEAST_MILLISECONDS ? value : value * 1000);
}

function fromDate(part: DatePart, date: Date): number {
  switch (part) {
    case "minute":
      return date.getUTCMinutes();
    case "hour":
      return date.getUTCHours();
    case "day":
      return date.getUTCDate();
    case "week":
      return isoWeek(date);
    case "month":
      return date.getUTCMonth() + 1;
    case "year":
      return date.getUTCFullYear();
  }
}

/** The week that holds the date's Thursday, counted from the week that holds the year's first Thursday. */
function isoWeek(date: Date): number {
  const day = 86_400_000;
  const thursday = new Date(date.getTime() - (((date.getUTCDay() + 6) % 7) - 3) * day);
  const newYear = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return Math.floor((thursday.getTime() - newYear) / day / 7) + 1;
}
