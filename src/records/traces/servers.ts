import { readPostgresStart } from "../heads/postgres.js";
import { isPostgresCsv } from "../heads/postgres-csv.js";
import { databaseSaid } from "./python.js";
import { NOT_PART, never, type Trace } from "./trace.js";

const postgresMore = /^(?:DETAIL|HINT|STATEMENT|CONTEXT|QUERY|LOCATION|BACKTRACE)$/;

/**
 * PostgreSQL: the DETAIL, HINT and STATEMENT lines of a message, known by their process id, and lines of a
 * statement, which begin with a tab. The state is the process id and 1.
 */
export const postgresMessage: Trace = {
  begins: /^[\d[<(A-Z]/,
  follow: never,
  start: (text) => {
    const head = readPostgresStart(text);
    return head === undefined ? NOT_PART : head.pid + 1;
  },
  next: (state, text) => {
    if (text.startsWith("\t")) return state;
    const head = readPostgresStart(text);
    const sameMessage = head !== undefined && head.pid + 1 === state && postgresMore.test(head.word);
    return sameMessage ? state : NOT_PART;
  },
};

const clientSaid = /(?:^|: )(?:ERROR|FATAL|PANIC|WARNING|NOTICE|INFO): {2}\S/;

/** psql and others of PostgreSQL's clients, which print a server's message without a time. */
export const postgresClient: Trace = {
  begins: /^[LDHCQS]/,
  follow: (before, text) => (databaseSaid.test(text) && clientSaid.test(before.slice(0, 300)) ? 1 : NOT_PART),
  start: never,
  next: (state, text) => (databaseSaid.test(text) ? state : NOT_PART),
};

const OPEN = 1;
const CLOSED = 2;

/** PostgreSQL's csvlog: a field in quotes may have several lines. */
export const postgresCsv: Trace = {
  begins: /^\d/,
  follow: never,
  start: (text) => (isPostgresCsv(text) && hasOddQuotes(text) ? OPEN : NOT_PART),
  next: (state, text) => (state === CLOSED ? NOT_PART : hasOddQuotes(text) ? CLOSED : OPEN),
};

function hasOddQuotes(text: string): boolean {
  let odd = false;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) odd = !odd;
  return odd;
}

/** klog's values of several lines: `err=<`, indented lines, ` >`. */
export const klogBlock: Trace = {
  begins: /^[IWEF]/,
  follow: never,
  start: (text) => (text.endsWith("=<") && /^[IWEF]\d{4,8} /.test(text) ? OPEN : NOT_PART),
  next: (state, text) => {
    if (state === CLOSED) return NOT_PART;
    if (text.startsWith(" >")) return text.endsWith("=<") ? OPEN : CLOSED;
    return text.startsWith("\t") ? OPEN : NOT_PART;
  },
};

const consoleHead = /^(?:trce|dbug|info|warn|fail|crit): \S.{0,500}\[\d{1,9}\]$/;
const INDENT = "      ";

/** .NET's console logger: level and category on one line, the message below it, indented by six. */
export const dotnetConsole: Trace = {
  begins: /^[tdiwfc]/,
  follow: never,
  start: (text) => (consoleHead.test(text) ? 1 : NOT_PART),
  next: (state, text) => (text.startsWith(INDENT) ? state : NOT_PART),
};
