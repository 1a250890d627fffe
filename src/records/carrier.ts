import { isDigit, isLetter, isWordCharacter } from "../core/characters.js";
import { levelOfWord } from "../core/level-words.js";
import type { LogRecord } from "../core/record.js";

const SPACE = 32;
const DASH = 45;
const POINT = 46;
const COLON = 58;
const UNDERSCORE = 95;
const BAR = 124;
/** `04:27:40 `. */
const CLOCK = 9;
const LONGEST_NUMBER = 2;
const LONGEST_NAME = 80;
const MOST_BLANKS = 40;

/** What stands before another program's line. */
export interface Carrier {
  /** Of the program whose line it is, as it is printed: `web.1`, `shop-web-1`, `app`. */
  readonly program: string;
  readonly time: string | undefined;
  /** Where that program's line begins. */
  readonly end: number;
}

/**
 * What a program that runs others sets before each of their lines: a name with a number and a bar (`web-1  | `, `web.1 | `), the same
 * behind a clock, where the name needs no number (`04:27:40 web  | `), a number and a name between bars (`0|app  | `). Nearly all other
 * lines are told by the first word.
 */
export function carrierOf(text: string): Carrier | undefined {
  return mayBeCarried(text) ? read(text) : undefined;
}

/** Dates have a digit in the third place; few other lines have a bar. */
function mayBeCarried(text: string): boolean {
  const first = text.charCodeAt(0);
  if (first > 57) return isLetter(first) && text.includes("|");
  const third = text.charCodeAt(2);
  return first >= 48 && (third === COLON || third === BAR || text.charCodeAt(1) === BAR);
}

function read(text: string): Carrier | undefined {
  if (isLetter(text.charCodeAt(0))) return named(text, 0);
  if (text.charCodeAt(2) === COLON)
    return text.charCodeAt(CLOCK - 1) === SPACE && text.charCodeAt(5) === COLON
      ? named(text, CLOCK)
      : undefined;
  let bar = 1;
  while (bar < LONGEST_NUMBER && isDigit(text.charCodeAt(bar))) bar += 1;
  return text.charCodeAt(bar) === BAR ? named(text, bar + 1) : undefined;
}

function named(text: string, start: number): Carrier | undefined {
  let end = start;
  while (end - start < LONGEST_NAME && isNamePart(text.charCodeAt(end))) end += 1;
  if (end === start || (start === 0 && !isNumbered(text, end))) return undefined;
  let bar = end;
  while (bar - end < MOST_BLANKS && text.charCodeAt(bar) === SPACE) bar += 1;
  if (bar === end || text.charCodeAt(bar) !== BAR) return undefined;
  const behind = text.charCodeAt(bar + 1);
  if (behind !== SPACE && bar + 1 !== text.length) return undefined;
  const program = text.slice(start, end);
  if (levelOfWord(program) !== undefined) return undefined;
  const time = start === CLOCK ? text.slice(0, CLOCK - 1) : undefined;
  return { program, time, end: Math.min(text.length, bar + 2) };
}

/** `web.1`, `web-1`, `web_1`. */
function isNumbered(text: string, end: number): boolean {
  let at = end - 1;
  while (isDigit(text.charCodeAt(at))) at -= 1;
  const sign = text.charCodeAt(at);
  return at < end - 1 && at > 0 && (sign === POINT || sign === DASH || sign === UNDERSCORE);
}

function isNamePart(code: number): boolean {
  return isWordCharacter(code) || code === DASH || code === POINT;
}

/** The lines of an event without what its carrier set before each. */
export function withoutCarrier(text: string, carrier: Carrier): string {
  if (!text.includes("\n")) return text.slice(carrier.end);
  return text
    .split("\n")
    .map((line) => line.slice(carrierOf(line)?.end ?? 0))
    .join("\n");
}

/** What the carrier said is data, unless the program says the same. */
export function takeCarrier(record: LogRecord, { program, time }: Carrier): void {
  const said = time === undefined ? { program } : { program, time };
  const own = record.data ?? {};
  const added = Object.entries(said).filter(([key]) => !Object.hasOwn(own, key));
  if (added.length === 0) return;
  const prefix = JSON.stringify(Object.fromEntries(added)).slice(0, -1);
  const rest = record.dataText?.trimStart().slice(1).trimStart() ?? "}";
  record.data = { ...Object.fromEntries(added), ...own };
  record.dataText = `${prefix}${rest.startsWith("}") ? "" : ","}${rest}`;
}
