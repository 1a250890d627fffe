import { levelOfWord, syslogLevel } from "../../../core/level-words.js";
import { dataOf, numberOf, said, type TextReading, type TextShape } from "./shape.js";

const modern =
  /^<(\d{1,3})>1 (\S{1,40}) (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32}) (-|\[(?:[^\]\\]|\\.){1,8000}\](?:\[(?:[^\]\\]|\\.){1,8000}\]){0,20})(?: |$)/;
const classic =
  /^(?:<(\d{1,3})>)?([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) ([\w.:-]{0,254}[\w.-]) ([\w./-]{1,100})(?:\[(\d{1,10})(?:\.\d{1,20})?\])?: {1,4}/;

/** Daemons say the level that syslog's files leave out. */
const worded = /^(debug|info|notice|warning|error|fatal|panic|critical): {1,2}/i;

function read(text: string): TextReading | undefined {
  if (text.charCodeAt(0) === 60) {
    const line = modern.exec(text);
    if (line !== null) {
      return {
        level: levelOfPriority(line[1]),
        message: text.slice(line[0].length).replace(/^\ufeff/, ""),
        data: dataOf({
          time: said(line[2]),
          host: said(line[3]),
          program: said(line[4]),
          pid: said(line[5]),
          message_id: said(line[6]),
          structured: said(line[7]),
        }),
      };
    }
  }
  const line = classic.exec(text);
  if (line === null) return undefined;
  const data = { time: line[2], host: line[3], program: line[4], pid: numberOf(line[5]) };
  const rest = text.slice(line[0].length);
  const level = levelOfPriority(line[1]);
  const word = level === undefined ? worded.exec(rest) : null;
  if (word === null) return { level, message: rest, data: dataOf(data) };
  return { level: levelOfWord(word[1] as string), message: rest.slice(word[0].length), data: dataOf(data) };
}

/** A priority is facility times 8 and severity; it is at most 191. */
function levelOfPriority(priority: string | undefined): TextReading["level"] {
  return priority === undefined || Number(priority) > 191 ? undefined : syslogLevel(Number(priority) % 8);
}

/** Syslog lines: RFC 5424, RFC 3164 and what syslog daemons write to files, which has no priority. */
export const syslog: TextShape = { name: "syslog", begins: /^[A-Z<]/, read };
