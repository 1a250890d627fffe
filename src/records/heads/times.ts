/** What kind of time a text has at a place: with its date, without one, or as a number of seconds or milliseconds. */
export type TimeKind = "dated" | "clock" | "number";

const CLOCK = "\\d{1,2}:\\d\\d(?::\\d\\d(?:[.,]\\d{1,9})?)?(?: ?[AP]M\\b)?";
/** Only zones that are known by name: any other word in capitals may be a level. */
/** OpenVPN prints microseconds behind the time. */
const ZONE =
  "(?: us=\\d{1,6})?(?: ?(?:Z\\b|[+-]\\d\\d:?\\d\\d\\b(?: UTC(?: m=[+-]\\d{1,9}\\.\\d{1,9})?)?)| (?:UTC|GMT|[CEMPB][SD]T|CES?T|EES?T|WES?T|IST|JST|KST|MSK|A[EC][SD]T)\\b)?";
const MONTH = "[A-Z][a-z]{2}";
const DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
const END = "(?![\\w])";

/** `2026-11-29 04:27:40,391`, `2026/11/29 - 04:20:11`, `29-Nov-2026 04:27:40.391`, `11/29/2026, 4:14:29 AM`, `261129 04:18:02`, `11-29|04:18:02`, `2026/11/29-04.18.02`, `2026-11-29 04-18-02.391`, `29Nov2026 04:18:02`, `20261129041802391`. */
const digitsFirst = new RegExp(
  `(?:\\d{4}([-/.])\\d\\d\\1\\d\\d(?:[T_-]| {1,2}-? ?|: ?|, | at )${CLOCK}|\\d{1,2}([-/ .])(?:${MONTH}|\\d{1,2})\\2\\d{2}(?:\\d{2})?(?: {1,2}-? ?|::?|, |T)${CLOCK}|\\d{6}(?:\\d\\d)? {1,2}\\d{1,2}:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?|\\d\\d[-/]\\d\\d[ |]\\d\\d:\\d\\d(?::\\d\\d(?:[.,]\\d{1,9})?)?|\\d{4}[-/.]\\d\\d[-/.]\\d\\d[- ]\\d\\d([-.])\\d\\d\\3\\d\\d(?:[.,]\\d{1,9})?|\\d{8}[T:-]\\d{6}(?:[.,]\\d{1,9})?|\\d{6}/\\d{6}(?:[.,]\\d{1,9})?|\\d{1,2}${MONTH}\\d{4} ${CLOCK}|20[0-4]\\d[01]\\d[0-3]\\d[0-2]\\d[0-5]\\d{3}(?:\\d{3})?(?=[ \\t]))${ZONE}${END}`,
  "y",
);
/** `Nov-29-2026 04:24:43`, `Sun Nov 29 04:24:43 2026`, `Sun Nov 29 2026 04:24:43 GMT+0000 (Coordinated Universal Time)`, `Sun, 29 Nov 2026 04:24:43 GMT`, `Nov 29 04:24:43`, `Nov 29, 2026 04:24:43 AM`. */
const wordsFirst = new RegExp(
  `(?:${DAY},? (?:${MONTH} {1,2}\\d{1,2} (?:\\d{4} ${CLOCK} GMT[+-]\\d{4}(?: \\([^()]{1,60}\\))?|${CLOCK}(?: [A-Z]{3,4})? \\d{4})|\\d{1,2} ${MONTH} \\d{4} ${CLOCK}${ZONE})|(?:${DAY},? )?${MONTH} {1,2}\\d{1,2}(?:,? \\d{4})?,? ${CLOCK}${ZONE}|${MONTH}-\\d\\d-\\d{4} ${CLOCK}${ZONE})${END}`,
  "y",
);
/** `04:24:43.123`, `4:20AM`. */
const clock = /(?:\d{1,2}:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?[AP]M)?Z?|\d{1,2}:\d\d ?[AP]M)(?!\w)/y;
/**
 * Seconds, or milliseconds and smaller, since 1970, of this century's second to fourth decade, or seconds in hexadecimal with a fraction;
 * seconds as a floating point number (zap's console), seconds since the start where two colons or a process set them off.
 */
const number =
  /(?:1[3-9]\d{8}(?:\.\d{1,9}|\d{3}(?:\d{3}){0,2})?(?=[:\]\s|,])|1\.[3-9]\d{5,20}e\+(?:09|12)(?=[\s|])|[\da-f]{8}\.[\da-f]{8}(?= 0x)|\d{1,8}(?=: : |: \(\d{1,10}\): ))/y;

/** Where a time that stands at `at` ends, -1 when none does. */
export function endOfDated(text: string, at: number): number {
  const first = text.charCodeAt(at);
  if (first >= 48 && first <= 57) return endOf(digitsFirst, text, at);
  if (first < 65 || first > 87) return -1;
  // Names of days and months have three letters here.
  const fourth = text.charCodeAt(at + 3);
  return fourth === 32 || fourth === 44 || fourth === 45 ? endOf(wordsFirst, text, at) : -1;
}

/** The same for a time without a date. */
export function endOfClock(text: string, at: number): number {
  const second = text.charCodeAt(at + 1);
  const third = text.charCodeAt(at + 2);
  return second === 58 || third === 58 ? endOf(clock, text, at) : -1;
}

/** The same for a number that counts seconds or milliseconds. */
export function endOfNumber(text: string, at: number): number {
  return endOf(number, text, at);
}

function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : -1;
}
