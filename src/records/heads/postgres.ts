/** What stands before a message of PostgreSQL, whatever its `log_line_prefix` is. */
export interface PostgresHead {
  readonly time: string;
  /** 0 where the prefix has no process id. */
  readonly pid: number;
  readonly user: string | undefined;
  readonly database: string | undefined;
  readonly app: string | undefined;
  readonly client: string | undefined;
  /** `ERROR`, `DETAIL` … */
  readonly word: string;
  /** Where the message begins. */
  readonly end: number;
}

/** Two blanks behind the level's colon: PostgreSQL alone prints that (send_message_to_server_log in elog.c). */
const SEPARATOR = ":  ";
const time = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})? [A-Za-z0-9+:/_-]{1,32}?(?=[ :,[]|$)/;
const level = /(?:^|[\s:>\]])([A-Z]{3,10}\d?)$/;
const pid = /\[(\d{1,9})\]/;
const role = /(?:^|[\s:])([^\s@:,[\]=]{1,64}|\[unknown\])@([^\s@:,[\]=]{1,64}|\[unknown\])/;
const pair = (name: string) => new RegExp(`\\b${name}=([^,\\s]{1,255})`);
const userPair = pair("user");
const databasePair = pair("db");
const appPair = pair("app");
const clientPair = pair("client");
const LONGEST_PREFIX = 400;

/** The head of a line of PostgreSQL's log, undefined for other lines. The time must come first, as in all examples of its manual. */
export function readPostgresHead(text: string): PostgresHead | undefined {
  const first = text.charCodeAt(0);
  if (first < 48 || first > 57) return undefined;
  const end = text.indexOf(SEPARATOR);
  if (end < 0 || end > LONGEST_PREFIX) return undefined;
  const said = time.exec(text);
  if (said === null || said[0].length > end) return undefined;
  const prefix = text.slice(said[0].length, end);
  const word = level.exec(prefix);
  if (word === null) return undefined;
  const names = role.exec(prefix);
  return {
    time: said[0],
    pid: Number(pid.exec(prefix)?.[1] ?? 0),
    user: known(names?.[1] ?? userPair.exec(prefix)?.[1]),
    database: known(names?.[2] ?? databasePair.exec(prefix)?.[1]),
    app: known(appPair.exec(prefix)?.[1]),
    client: known(clientPair.exec(prefix)?.[1]),
    word: word[1] as string,
    end: end + SEPARATOR.length,
  };
}

function known(value: string | undefined): string | undefined {
  return value === "[unknown]" ? undefined : value;
}
