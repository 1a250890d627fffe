import { levelOfWord } from "../../../core/level-words.js";
import type { Level } from "../../../core/record.js";
import { dataOf, numberOf, type TextReading, type TextShape } from "./shape.js";

const redisLine = /^(\d{1,10}):([XCSM]) (\d\d [A-Z][a-z]{2} (?:\d{4} )?\d\d:\d\d:\d\d\.\d{3}) ([.*#-]) /;
/** What a signal's handler prints: seconds, and no level (serverLogRawFromHandler). */
const redisSignal = /^(\d{1,10}):signal-handler \((\d{1,12})\) /;
const LETTER_S = 115;
const REDIS_LEVELS: Readonly<Record<string, Level>> = {
  ".": "debug",
  "-": "debug",
  "*": "info",
  "#": "warning",
};

/** Redis and Valkey: process id and role, time, and a sign for the level (serverLogRaw in server.c). */
export const redis: TextShape = {
  name: "redis",
  begins: /^\d/,
  read: (text) => {
    // A letter for the role behind the first colon; of a time there is a digit.
    const role = text.charCodeAt(text.indexOf(":") + 1);
    const line = role > 57 ? redisLine.exec(text) : null;
    if (line === null) return role === LETTER_S ? readSignal(text) : undefined;
    const data = { time: line[3], pid: numberOf(line[1]), role: line[2] };
    return { level: REDIS_LEVELS[line[4] ?? ""], message: text.slice(line[0].length), data: dataOf(data) };
  },
};

function readSignal(text: string): TextReading | undefined {
  const line = redisSignal.exec(text);
  if (line === null) return undefined;
  const data = { time: line[2], pid: numberOf(line[1]) };
  return { level: undefined, message: text.slice(line[0].length), data: dataOf(data) };
}

const klogLine =
  /^([DIWECF])(\d{4}(?:\d\d){0,2} \d\d:\d\d:\d\d(?:\.\d{1,9})?) {1,10}(\d{1,10}) ([^\s\]:]{1,200}:\d{1,6})(?:\]| ⋮| (?= |\[)) /;

/** klog and glog, with a date of four, six or eight digits: Kubernetes' programs, CockroachDB and many others of Google's family. */
export const klog: TextShape = {
  name: "klog",
  begins: /^[DIWECF]/,
  read: (text) => {
    const line = klogLine.exec(text);
    if (line === null) return undefined;
    const data = { time: line[2], pid: numberOf(line[3]), source: line[4] };
    return { level: levelOfWord(line[1] ?? ""), message: text.slice(line[0].length), data: dataOf(data) };
  },
};

const rubyLine =
  /^[DIWEFAU], \[(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}|\w[^\]#]{4,40}\w) {1,2}#(\d{1,10})\] {1,3}([A-Z]{3,5}) -- ([^:]{0,200}): /;

/** Rails' first tag where it logs requests by their id. */
const rubyRequest = /^\[([\da-f]{8}-[\da-f]{4}-[\da-f-]{22})\] /;

/** Ruby's Logger: `E, [2026-01-31T12:00:00.000000 #7] ERROR -- program: text`, with any form of the time. */
export const ruby: TextShape = {
  name: "ruby",
  begins: /^[A-Z]/,
  read: (text) => {
    const line = rubyLine.exec(text);
    if (line === null) return undefined;
    const rest = text.slice(line[0].length);
    const [tag = "", request_id] = rubyRequest.exec(rest) ?? [];
    const data = { time: line[1], pid: numberOf(line[2]), logger: line[4], request_id };
    return { level: levelOfWord(line[3] ?? ""), message: rest.slice(tag.length), data: dataOf(data) };
  },
};

const dotnetLine = /^(trce|dbug|info|warn|fail|crit): (\S.{0,500})\[(\d{1,9})\]$/;

/** .NET's console logger: the message stands on the following, indented lines. */
export const dotnet: TextShape = { name: "dotnet", begins: /^[a-z]/, read: readDotnet };

function readDotnet(text: string): TextReading | undefined {
  const line = dotnetLine.exec(text);
  if (line === null) return undefined;
  const data = dataOf({ logger: line[2], event_id: numberOf(line[3]) });
  return { level: levelOfWord(line[1] ?? ""), message: "", data };
}
