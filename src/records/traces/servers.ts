import { NOT_PART, never, type Trace } from "./trace.js";

const postgresLine =
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})? [A-Za-z0-9+:/_-]{1,32} \[(\d{1,9})\] .{0,200}?(?:([A-Z]{3,10}\d?)): {2}/;
const postgresMore = /^(?:DETAIL|HINT|STATEMENT|CONTEXT|QUERY|LOCATION|BACKTRACE)$/;

/**
 * PostgreSQL: the DETAIL, HINT and STATEMENT lines of a message, known by their process id, and lines of a
 * statement, which begin with a tab. The state is the process id and 1.
 */
export const postgresMessage: Trace = {
  follow: never,
  start: (text) => {
    const line = postgresLine.exec(text);
    return line === null ? NOT_PART : Number(line[1]) + 1;
  },
  next: (state, text) => {
    if (text.startsWith("\t")) return state;
    const line = postgresLine.exec(text);
    const sameMessage = line !== null && Number(line[1]) + 1 === state && postgresMore.test(line[2] ?? "");
    return sameMessage ? state : NOT_PART;
  },
};

const consoleHead = /^(?:trce|dbug|info|warn|fail|crit): \S.{0,500}\[\d{1,9}\]$/;
const INDENT = "      ";

/** .NET's console logger: level and category on one line, the message below it, indented by six. */
export const dotnetConsole: Trace = {
  follow: never,
  start: (text) => (consoleHead.test(text) ? 1 : NOT_PART),
  next: (state, text) => (text.startsWith(INDENT) ? state : NOT_PART),
};
