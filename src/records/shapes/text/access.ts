import { AGENTS, durationIn } from "./request-parts.js";
import { dataOf, numberOf, said, type TextReading, type TextShape } from "./shape.js";

/**
 * Common and combined log format, with a virtual host before it and anything behind it:
 * https://httpd.apache.org/docs/2.4/logs.html#accesslog. Python's development servers leave the zone out.
 */
const common =
  /^((?:\S{1,255} )?(?:[^\s,]{1,60}, ){0,10}\S{1,255}) \S{1,255} (\S{1,255}) \[([^\]]{10,40})\] "((?:[^"\\]|\\.){0,16000})" (\d{3}) (\d{1,18}|-)/;
/** uvicorn: `127.0.0.1:52314 - "GET / HTTP/1.1" 200 OK`. */
const uvicorn = /^(\S{1,255}):(\d{1,5}) - "([^"]{1,16000})" (\d{3})(?: |$)/;
const request = /^([A-Z]{1,20}) ([^\s?]{0,16000})(?:\?(\S{0,16000}))?(?: (HTTP\/\d(?:\.\d)?))?$/;

function read(text: string): TextReading | undefined {
  if (!text.includes('] "')) return undefined;
  const line = common.exec(text);
  if (line === null) return undefined;
  const behind = text.slice(line[0].length);
  const quoted = AGENTS.exec(behind);
  const status = Number(line[5]);
  return {
    level: levelOfStatus(status),
    message: text,
    data: dataOf({
      client: clientOf(line[1] ?? ""),
      user: said(line[2]),
      time: line[3],
      ...requestOf(line[4] ?? ""),
      status,
      bytes: line[6] === "-" ? undefined : numberOf(line[6]),
      duration_ms: durationIn(quoted === null ? behind : behind.slice(quoted[0].length)),
      referer: said(quoted?.[1]),
      user_agent: said(quoted?.[2]),
    }),
  };
}

/** What uvicorn's access logger says behind its level, or `undefined`. */
export function readUvicornAccess(
  message: string,
): { readonly [name: string]: string | number | undefined } | undefined {
  const line = uvicorn.exec(message);
  return line === null
    ? undefined
    : { client: line[1], port: Number(line[2]), ...requestOf(line[3] ?? ""), status: Number(line[4]) };
}

function requestOf(text: string): { readonly [name: string]: string | undefined } {
  const parts = request.exec(text);
  if (parts === null) return { request: text };
  return { method: parts[1], path: parts[2], query: parts[3], protocol: parts[4] };
}

/** Behind a name of the virtual host; of several that a proxy adds (`203.0.113.7, 10.0.0.2`) the first. */
function clientOf(words: string): string {
  const comma = words.indexOf(",");
  const first = comma < 0 ? words : words.slice(0, comma);
  return first.slice(first.lastIndexOf(" ") + 1);
}

/** A server's own failure is an error; what clients ask wrongly is not. */
export function levelOfStatus(status: number): "error" | "info" {
  return status >= 500 ? "error" : "info";
}

/** nginx, Apache, gunicorn, werkzeug and all others that write NCSA's access lines. */
export const access: TextShape = { name: "access", read };
