import { levelOfWord } from "../../../core/level-words.js";
import { readPostgresHead } from "../../heads/postgres.js";
import { CSV_COLUMNS, isPostgresCsv, readPostgresCsv } from "../../heads/postgres-csv.js";
import { dataOf, numberOf, type TextReading, type TextShape } from "./shape.js";

/**
 * PostgreSQL with any `log_line_prefix` that begins with a time or a number (`%m [%p] `, Debian's `%m [%p] %q%u@%d `, pairs …), or
 * without one, and its csvlog, of which all lines are needed, since a statement has line ends.
 */
export const postgres: TextShape = {
  name: "postgres",
  begins: /^[\d[<(A-Z]/,
  read: (text) => readCsv(text) ?? readText(text),
};

function readText(text: string): TextReading | undefined {
  const head = readPostgresHead(text);
  if (head === undefined) return undefined;
  const { time, user, database, app, client } = head;
  return {
    level: levelOfWord(head.word) ?? "info",
    message: text.slice(head.end),
    data: dataOf({
      time: time === "" ? undefined : time,
      pid: head.pid === 0 ? undefined : head.pid,
      user,
      database,
      app,
      client,
    }),
  };
}

function readCsv(text: string): TextReading | undefined {
  if (!isPostgresCsv(text)) return undefined;
  const fields = readPostgresCsv(text);
  if (fields === undefined) return undefined;
  const { severity, message, pid, ...others } = CSV_COLUMNS;
  const data: { [name: string]: string | number | undefined } = {};
  for (const [name, column] of Object.entries(others)) data[name] = fields[column];
  data["pid"] = numberOf(fields[pid]);
  return {
    level: levelOfWord(fields[severity] ?? "") ?? "info",
    message: fields[message] ?? "",
    data: dataOf(data),
  };
}
