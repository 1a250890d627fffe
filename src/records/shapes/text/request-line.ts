import { agentsAt, clientIn, durationIn } from "./request-parts.js";
import { dataOf } from "./shape.js";

/** Longer lines tell of no request, and an address is no longer either. */
const LONGEST = 16_000;
const METHODS = "GET|HEAD|POST|PUT|DELETE|PATCH|OPTIONS|CONNECT|TRACE|PROPFIND|REPORT|MKCOL";
/** Method and address, in quotes or not, with a bar or spaces between. */
const ASKED = new RegExp(
  `(?:^|[\\s"'(|>:])(${METHODS})["']?[\\s|]{1,12}["']?(\\/[^\\s"'|]{0,8000}|https?:\\/\\/[^\\s"'|]{1,8000}|[\\w.-]{1,255}:\\d{1,5}(?=[\\s"'|]))`,
);
const PROTOCOL = /^ (?:(HTTP\/\d(?:\.\d)?)|\d(?:\.\d)?(?=[ "']))/;
/** A status, and what it is not: a size, a duration, a piece of something longer. */
const STATUS = "([1-5]\\d\\d)(?![\\w.%:/-]|,\\d| ?(?:[mµμun]?s|m?secs?|bytes|[kMG]?i?B)\\b)";
const BEHIND = new RegExp(`^["')\\]]{0,2}(?: from \\S{2,60})?[\\s|:=>-]{1,12}(?:status[=: ]{1,2})?${STATUS}`);
/** uWSGI. */
const GENERATED = /^ => generated (\d{1,18}) bytes in .{1,40}? \(HTTP\/\d(?:\.\d)? (\d{3})\)/;
/** What stands between a status and the method behind it: numbers, addresses, durations, dashes, HAProxy's state at the end (`SC--`). */
const BETWEEN = /^(?:[\d.:/+-]+(?:[nµμum]?s)?|[\da-f:]*:[\da-f:]+|[a-z]{0,2}-+[a-z]{0,2}|\{[^}]*\})$/i;
const CODE = /^\[?([1-5]\d\d)\]?:?$/;
/** Squid and its like: `TCP_MISS/200`. */
const RESULT = /^[A-Z][A-Z_]{2,40}\/([1-5]\d\d)$/;
const BEFORE = 200;
/** HAProxy's times in milliseconds, the last of which is the whole: `0/0/5/6/11 200`. */
const TIMERS = /(?:^| )(?:-?\d{1,9}\/){4}\+?(\d{1,9}) \d{3} /;
const SIZE = /^ (\d{1,18})(?![\w.]| ?(?:ms|s)\b)/;

/** The named values of a request that was answered. */
export type RequestData = NonNullable<ReturnType<typeof dataOf>>;

/**
 * What a line tells of a request that was answered: method, path, query, protocol, status, client, port, bytes, duration_ms,
 * referer, user_agent. It goes by the parts that all servers and frameworks print, not by the form of any: method and
 * address, and a status before or behind them. `undefined` for all other lines, of which some name a method too.
 */
export function readRequest(text: string): RequestData | undefined {
  if (text.length > LONGEST) return undefined;
  const asked = ASKED.exec(text);
  if (asked === null) return text.includes("method") ? readPairs(text) : undefined;
  const { index, 0: all, 1: method, 2: address = "" } = asked;
  const before = text.slice(0, index + 1);
  const rest = text.slice(index + all.length);
  const [version = "", protocol] = PROTOCOL.exec(rest) ?? [];
  const answer = answerBehind(rest.slice(version.length)) ?? answerBefore(before);
  if (answer === undefined) return undefined;
  return dataOf({
    ...(clientIn(before) ?? clientIn(rest)),
    method,
    ...partsOf(address),
    protocol,
    status: answer.status,
    bytes: answer.bytes,
    duration_ms: durationIn(rest) ?? answer.durationMs ?? durationIn(before),
    ...agentsAt(answer.behind),
  });
}

/** Of a proxy's address the host too. */
function partsOf(address: string): { readonly [name: string]: string | undefined } {
  const [whole = "", host] = /^https?:\/\/([^/?]*)/.exec(address) ?? [];
  const mark = address.indexOf("?");
  const path = address.slice(whole.length, mark < 0 ? undefined : mark);
  return { host, path: path === "" ? "/" : path, query: mark < 0 ? undefined : address.slice(mark + 1) };
}

/** `method=GET uri=/x … status=200`, wherever they stand: spans of Rust's tracing, and pairs in prose. */
const METHOD_PAIR = new RegExp(`\\bmethod[=:] ?["']?(${METHODS})\\b`);
const ADDRESS_PAIR = /\b(?:path|uri|url|target)[=:] ?["']?((?:\/|https?:\/\/)[^\s"',}]{0,8000})/;
const STATUS_PAIR = /\bstatus(?:_?code)?[=:] ?["']?([1-5]\d\d)\b/i;

function readPairs(text: string): RequestData | undefined {
  const method = METHOD_PAIR.exec(text)?.[1];
  const address = ADDRESS_PAIR.exec(text)?.[1];
  const status = STATUS_PAIR.exec(text)?.[1];
  if (method === undefined || address === undefined || status === undefined) return undefined;
  return dataOf({
    ...clientIn(text),
    method,
    ...partsOf(address),
    status: Number(status),
    duration_ms: durationIn(text.replaceAll("=", " ")),
  });
}

interface Answer {
  readonly status: number;
  readonly bytes?: number | undefined;
  readonly durationMs?: number | undefined;
  /** What stands behind status and size. */
  readonly behind: string;
}

function answerBehind(rest: string): Answer | undefined {
  const found = BEHIND.exec(rest);
  if (found !== null) {
    const behind = rest.slice(found[0].length);
    const size = SIZE.exec(behind);
    const next = size === null ? behind.replace(/^ -/, "") : behind.slice(size[0].length);
    return { status: Number(found[1]), bytes: size === null ? undefined : Number(size[1]), behind: next };
  }
  const generated = GENERATED.exec(rest);
  return generated === null
    ? undefined
    : { status: Number(generated[2]), bytes: Number(generated[1]), behind: "" };
}

/** A status in front of the method, with nothing but numbers, addresses and signs between. */
function answerBefore(before: string): Answer | undefined {
  let status: string | undefined;
  const words = before.slice(-BEFORE).split(/[\s|"]+/);
  for (let at = words.length - 1; at >= 0; at -= 1) {
    const word = words[at] ?? "";
    const result = RESULT.exec(word);
    if (result !== null) {
      status = result[1];
      break;
    }
    const code = CODE.exec(word);
    if (code !== null) status = code[1];
    else if (word !== "" && !BETWEEN.test(word)) break;
  }
  if (status === undefined) return undefined;
  const total = TIMERS.exec(before)?.[1];
  return { status: Number(status), durationMs: total === undefined ? undefined : Number(total), behind: "" };
}
