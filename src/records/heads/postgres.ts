import { isCapital, isDigit } from "../../core/characters.js";

/** What tells which lines of PostgreSQL are one message. */
export interface PostgresStart {
  /** Empty where the prefix has none. */
  readonly time: string;
  /** What stands between the time and the message, without the colon. */
  readonly prefix: string;
  /** 0 where the prefix has no process id. */
  readonly pid: number;
  /** `ERROR`, `DETAIL` … */
  readonly word: string;
  /** Where the message begins. */
  readonly end: number;
}

/** What stands before a message of PostgreSQL, whatever its `log_line_prefix` is. */
export interface PostgresHead extends PostgresStart {
  readonly user: string | undefined;
  readonly database: string | undefined;
  readonly app: string | undefined;
  readonly client: string | undefined;
}

/** Two blanks behind the level's colon: PostgreSQL alone prints that (send_message_to_server_log in elog.c). */
const SEPARATOR = ":  ";
const timeAtStart = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})? [A-Za-z0-9+:/_-]{1,32}?(?=[ :,[\]>)]|$)/;
/** Seconds since 1970 (`%n`), or the process (`%p`) where no time comes first. */
const numberAtStart = /^(?:(1\d{9}\.\d{3})|(\d{1,9}))(?= )/;
const level = /(?:^|[\s:>\])])([A-Z]{3,10}\d?)$/;
/** The severities, for prefixes without a time before which other programs' words might stand. */
const severity =
  /(?:^|[\s:>\])])(?:DEBUG[1-5]|LOG|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC|DETAIL|HINT|QUERY|CONTEXT|LOCATION|BACKTRACE|STATEMENT)$/;
const pidInBrackets = /\[(\d{1,9})\]/;
const role = /(?:^|[\s:])([^\s@:,[\]=]{1,64}|\[unknown\])@([^\s@:,[\]=]{1,64}|\[unknown\])/;
const pair = (name: string) => new RegExp(`\\b${name}=([^,\\s]{1,255})`);
const userPair = pair("user");
const databasePair = pair("db");
const appPair = pair("app");
const clientPair = pair("client");
const LONGEST_PREFIX = 400;
const LONGEST_WORD = 10;

/**
 * The beginning of a line of PostgreSQL's log, undefined for other lines. The time comes first, perhaps in a bracket, as in all
 * examples of its manual, or a number, or nothing but the severity.
 */
export function readPostgresStart(text: string): PostgresStart | undefined {
  const first = text.charCodeAt(0);
  // Most lines have no two blanks behind their first colon.
  const end = mayBegin(text, first) ? text.indexOf(SEPARATOR) : -1;
  if (end < 0 || end > LONGEST_PREFIX || text.charCodeAt(end + SEPARATOR.length) <= 32) return undefined;
  // A line is asked about as what the one before it goes on with, and then as a beginning.
  if (text !== lastText) {
    lastText = text;
    lastStart = readStart(text, end);
  }
  return lastStart;
}

/** A digit, a bracket, or a word of capitals before the colon and its blanks. */
function mayBegin(text: string, first: number): boolean {
  if (isDigit(first) || first === 91 || first === 60 || first === 40) return true;
  if (!isCapital(first)) return false;
  let end = 1;
  while (end < LONGEST_WORD && isCapital(text.charCodeAt(end))) end += 1;
  return text.startsWith(SEPARATOR, end) || text.startsWith(SEPARATOR, end + 1);
}

let lastText = "";
let lastStart: PostgresStart | undefined;

function readStart(text: string, end: number): PostgresStart | undefined {
  const bracket = isDigit(text.charCodeAt(0)) || isCapital(text.charCodeAt(0)) ? 0 : 1;
  const said = timeAtStart.exec(bracket === 0 ? text : text.slice(1))?.[0];
  const number = said === undefined ? numberAtStart.exec(text) : null;
  if ((said === undefined && bracket === 1) || (said?.length ?? 0) > end) return undefined;
  const prefix = text.slice(bracket + (said?.length ?? number?.[0].length ?? 0), end);
  const word = level.exec(prefix)?.[1];
  if (word === undefined || (said === undefined && !severity.test(prefix))) return undefined;
  return {
    time: said ?? number?.[1] ?? "",
    prefix,
    pid: Number(pidInBrackets.exec(prefix)?.[1] ?? number?.[2] ?? 0),
    word,
    end: end + SEPARATOR.length,
  };
}

/** The same with the names that the prefix says. */
export function readPostgresHead(text: string): PostgresHead | undefined {
  const start = readPostgresStart(text);
  if (start === undefined) return undefined;
  const { time, prefix, pid, word, end } = start;
  const names = prefix.includes("@") ? role.exec(prefix) : null;
  const pairs = prefix.includes("=");
  const said = (pattern: RegExp) => (pairs ? pattern.exec(prefix)?.[1] : undefined);
  return {
    time,
    prefix,
    pid,
    word,
    end,
    user: known(names?.[1] ?? said(userPair)),
    database: known(names?.[2] ?? said(databasePair)),
    app: known(said(appPair)),
    client: known(said(clientPair)),
  };
}

function known(value: string | undefined): string | undefined {
  return value === "[unknown]" ? undefined : value;
}
