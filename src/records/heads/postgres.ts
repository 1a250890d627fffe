/** What tells which lines of PostgreSQL are one message. */
export interface PostgresStart {
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
const timeAtStart = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})? [A-Za-z0-9+:/_-]{1,32}?(?=[ :,[]|$)/;
const level = /(?:^|[\s:>\]])([A-Z]{3,10}\d?)$/;
const pidInBrackets = /\[(\d{1,9})\]/;
const role = /(?:^|[\s:])([^\s@:,[\]=]{1,64}|\[unknown\])@([^\s@:,[\]=]{1,64}|\[unknown\])/;
const pair = (name: string) => new RegExp(`\\b${name}=([^,\\s]{1,255})`);
const userPair = pair("user");
const databasePair = pair("db");
const appPair = pair("app");
const clientPair = pair("client");
const LONGEST_PREFIX = 400;

/**
 * The beginning of a line of PostgreSQL's log, undefined for other lines. The time must come first, as in all examples of its
 * manual.
 */
export function readPostgresStart(text: string): PostgresStart | undefined {
  const first = text.charCodeAt(0);
  // Most lines that begin with a time have a `T` behind the day, or no two blanks behind a colon.
  if (first < 48 || first > 57 || text.charCodeAt(10) !== 32) return undefined;
  const end = text.indexOf(SEPARATOR);
  if (end < 0 || end > LONGEST_PREFIX) return undefined;
  // A line is asked about as what the one before it goes on with, and then as a beginning.
  if (text !== lastText) {
    lastText = text;
    lastStart = readStart(text, end);
  }
  return lastStart;
}

let lastText = "";
let lastStart: PostgresStart | undefined;

function readStart(text: string, end: number): PostgresStart | undefined {
  const said = timeAtStart.exec(text)?.[0];
  if (said === undefined || said.length > end) return undefined;
  const prefix = text.slice(said.length, end);
  const word = level.exec(prefix)?.[1];
  if (word === undefined) return undefined;
  return {
    time: said,
    prefix,
    pid: Number(pidInBrackets.exec(prefix)?.[1] ?? 0),
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
