/** Text as common programs print it: what a collector has to take apart. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const START_MS = Date.UTC(2026, 10, 29, 9);
const timeOf = (index) => new Date(START_MS + index * 3).toISOString();
const every = (index, count) => index % count === count - 1;

/** For each kind its line by number, and what syslog-ng needs to make the same record of it: a parser, and in which of its macros message and level are. */
export const KINDS = {
  "Python's logging": {
    line: (index) => {
      const level = every(index, 50) ? "ERROR" : every(index, 10) ? "WARNING" : "INFO";
      const time = timeOf(index).slice(0, 23).replace("T", " ").replace(".", ",");
      return `${time} ${level} shop.orders: order ${index} of customer ${index % 500} placed, ${index % 7} items`;
    },
    parser: String.raw`regexp-parser(prefix("d.") patterns("^(?<time>\\S+ \\S+) (?<level>[A-Z]+) (?<logger>\\S+): (?<msg>.*)$"))`,
    message: "d.msg",
    level: "d.level",
  },
  "access lines of nginx": {
    line: (index) => {
      const time = `29/Nov/2026:${timeOf(index).slice(11, 19)} +0000`;
      const status = every(index, 40) ? 502 : 200;
      return `203.0.113.${index % 250} - - [${time}] "GET /api/orders/${index} HTTP/1.1" ${status} ${index % 9000} "-" "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0"`;
    },
    parser: String.raw`csv-parser(prefix("d.") delimiters(" ") quote-pairs('""[]')
        columns("client", "ident", "user", "time", "request", "status", "bytes", "referer", "user_agent"));
      csv-parser(template("$\{d.request}") prefix("d.") delimiters(" ") columns("method", "path", "protocol"))`,
    message: "MESSAGE",
    level: undefined,
  },
  logfmt: {
    line: (index) =>
      `time=${timeOf(index)} level=${every(index, 50) ? "error" : "info"} msg="order placed" order=${index} customer=${index % 500} duration=${index % 900}ms`,
    parser: `kv-parser(prefix("d."))`,
    message: "d.msg",
    level: "d.level",
  },
};

/** A file of so many lines of a kind; made once for each count. */
export function textFile(scratch, kind, count) {
  const path = join(scratch, `${kind.replaceAll(/\W/g, "-")}-${count}.log`);
  if (!existsSync(path))
    writeFileSync(path, Array.from({ length: count }, (_, index) => `${KINDS[kind].line(index)}\n`).join(""));
  return path;
}
