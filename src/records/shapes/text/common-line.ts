import { isDigit } from "../../../core/characters.js";

/** The parts of a line in common log format, and where what stands behind them begins. */
export interface CommonLine {
  /** The client, with a virtual host or the addresses of proxies before it. */
  readonly clients: string;
  readonly user: string;
  readonly time: string;
  readonly request: string;
  readonly status: number;
  readonly bytes: string;
  readonly end: number;
}

/**
 * Common and combined log format, with a virtual host before it and anything behind it:
 * https://httpd.apache.org/docs/2.4/logs.html#accesslog. Python's development servers leave the zone out.
 */
const common =
  /^((?:\S{1,255} )?(?:[^\s,]{1,60}, ){0,10}\S{1,255}) \S{1,255} (\S{1,255}) \[([^\]]{10,40})\] "((?:[^"\\]|\\.){0,16000})" (\d{3}) (\d{1,18}|-)/;

const SPACE = 32;
const DASH = 45;
const LONGEST_WORD = 255;
const LONGEST_REQUEST = 16_000;
const MOST_DIGITS = 18;

/** What a line in common log format says; undefined for all others. */
export function readCommonLine(text: string): CommonLine | undefined {
  const plain = readPlain(text);
  if (plain !== undefined) return plain;
  const line = common.exec(text);
  if (line === null) return undefined;
  const {
    0: all,
    1: clients = "",
    2: user = "",
    3: time = "",
    4: request = "",
    5: status,
    6: bytes = "",
  } = line;
  return { clients, user, time, request, status: Number(status), bytes, end: all.length };
}

/** Of the usual line, without the pattern and its groups: three words of ASCII before the time, no escapes. */
function readPlain(text: string): CommonLine | undefined {
  const first = endOfWord(text, 0);
  const second = endOfWord(text, first + 1);
  const third = endOfWord(text, second + 1);
  if (first < 0 || second < 0 || third < 0 || !text.startsWith(" [", third)) return undefined;
  const from = third + 2;
  const to = text.indexOf("]", from);
  const inner = text.indexOf("[", from);
  if (to < from + 10 || to > from + 40 || (inner >= 0 && inner < to)) return undefined;
  if (!text.startsWith('] "', to)) return undefined;
  const close = text.indexOf('"', to + 3);
  if (close < 0 || close - to > LONGEST_REQUEST) return undefined;
  const request = text.slice(to + 3, close);
  const end = request.includes("\\") ? -1 : endOfAnswer(text, close + 1);
  if (end < 0) return undefined;
  return {
    clients: text.slice(0, first),
    user: text.slice(second + 1, third),
    time: text.slice(from, to),
    request,
    status: Number(text.slice(close + 2, close + 5)),
    bytes: text.slice(close + 6, end),
    end,
  };
}

/** The space behind a word of printable ASCII; -1 where none begins at `start`, or it is very long. */
function endOfWord(text: string, start: number): number {
  let end = start;
  while (text.charCodeAt(end) > SPACE && text.charCodeAt(end) < 127) end += 1;
  const length = end - start;
  return length > 0 && length <= LONGEST_WORD && text.charCodeAt(end) === SPACE ? end : -1;
}

/** ` 200 512`: where it ends; -1 where something else stands at `start`. */
function endOfAnswer(text: string, start: number): number {
  for (let at = start + 1; at < start + 4; at += 1) if (!isDigit(text.charCodeAt(at))) return -1;
  if (text.charCodeAt(start) !== SPACE || text.charCodeAt(start + 4) !== SPACE) return -1;
  const from = start + 5;
  if (text.charCodeAt(from) === DASH) return from + 1;
  let end = from;
  while (isDigit(text.charCodeAt(end))) end += 1;
  return end > from && end - from <= MOST_DIGITS ? end : -1;
}
