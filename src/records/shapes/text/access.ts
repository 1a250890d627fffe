import { readCommonLine } from "./common-line.js";
import { AGENTS, durationIn } from "./request-parts.js";
import { dataOf, numberOf, said, type TextReading, type TextShape } from "./shape.js";

/** uvicorn: `127.0.0.1:52314 - "GET / HTTP/1.1" 200 OK`. */
const uvicorn = /^(\S{1,255}):(\d{1,5}) - "([^"]{1,16000})" (\d{3})(?: |$)/;
const request = /^([A-Z]{1,20}) ([^\s?]{0,16000})(?:\?(\S{0,16000}))?(?: (HTTP\/\d(?:\.\d)?))?$/;

function read(text: string): TextReading | undefined {
  const line = text.includes('] "') ? readCommonLine(text) : undefined;
  if (line === undefined) return undefined;
  const { status, bytes } = line;
  const behind = text.slice(line.end);
  const quoted = AGENTS.exec(behind);
  const parts = request.exec(line.request);
  return {
    level: levelOfStatus(status),
    message: text,
    data: dataOf({
      client: clientOf(line.clients),
      user: said(line.user),
      time: line.time,
      request: parts === null ? line.request : undefined,
      method: parts?.[1],
      path: parts?.[2],
      query: parts?.[3],
      protocol: parts?.[4],
      status,
      bytes: bytes === "-" ? undefined : numberOf(bytes),
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
