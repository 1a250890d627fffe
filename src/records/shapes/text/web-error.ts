import { levelOfWord } from "../../../core/level-words.js";
import { dataOf, numberOf, type TextReading, type TextShape } from "./shape.js";

const nginx = /^(\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d) \[([a-z]{3,6})\] (\d{1,10})#\d{1,10}: (?:\*(\d{1,18}) )?/;
/** Behind the year, where most programs have a dash. */
const SLASH = 47;
const nginxClient = /, client: ([^\s,]{1,255})/;
const apache =
  /^\[([A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d(?:\.\d{1,6})? \d{4})\] \[(?:(\w{1,40}):)?([a-z]{3,6}\d?)\] (?:\[pid (\d{1,10})(?::tid \d{1,20})?\] )?(?:\[client ([^\]]{1,255}?)(?::(\d{1,5}))?\] )?/;

function readNginx(text: string): TextReading | undefined {
  if (text.charCodeAt(4) !== SLASH) return undefined;
  const line = nginx.exec(text);
  if (line === null) return undefined;
  return {
    level: levelOfWord(line[2] ?? ""),
    message: text.slice(line[0].length),
    data: dataOf({
      time: line[1],
      pid: numberOf(line[3]),
      connection: numberOf(line[4]),
      client: nginxClient.exec(text)?.[1],
    }),
  };
}

function readApache(text: string): TextReading | undefined {
  const line = apache.exec(text);
  if (line === null) return undefined;
  return {
    level: levelOfWord(line[3] ?? ""),
    message: text.slice(line[0].length),
    data: dataOf({
      time: line[1],
      module: line[2],
      pid: numberOf(line[4]),
      client: line[5],
      port: numberOf(line[6]),
    }),
  };
}

/** nginx's error log: ngx_log_error_core in src/core/ngx_log.c. */
export const nginxError: TextShape = { name: "nginx", begins: /^\d/, read: readNginx };

/** Apache's error log in its default format of 2.4, and 2.2's. */
export const apacheError: TextShape = { name: "apache", begins: /^\[/, read: readApache };
