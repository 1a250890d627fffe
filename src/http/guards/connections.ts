import { createServer, type Server } from "node:http";
import type { Socket } from "node:net";
import type { SidecarError } from "../../core/errors.js";
import { requestRefused } from "../../telemetry/http-events.js";
import type { Telemetry } from "../../telemetry/telemetry.js";
import { errorAnswer, RequestRefused } from "../errors.js";

/** A body holds a line for `explain`, or a few settings of a run. */
export const BODY_LIMIT_BYTES = 2 * 1024 * 1024;
const HEADERS_LIMIT_BYTES = 16 * 1024;
const MOST_CONNECTIONS = 256;
/** From one address, so that one can't take all. */
const MOST_OF_ONE = 128;
const HEADERS_MS = 5_000;
const REQUEST_MS = 20_000;
const IDLE_MS = 60_000;
const MOST_HEADERS = 100;

/** A server, not yet listening, that bears only so much of those who send slowly, much, or nothing; `headersMs`: how long the headers of a request may take. */
export function createListener(telemetry: Telemetry, headersMs = HEADERS_MS): Server {
  const server = createServer({
    maxHeaderSize: HEADERS_LIMIT_BYTES,
    headersTimeout: headersMs,
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: IDLE_MS,
    connectionsCheckingInterval: Math.min(1_000, headersMs),
    insecureHTTPParser: false,
    // Without a name a request is refused as with a wrong one, in the words of all refusals; Node itself says nothing.
    requireHostHeader: false,
  });
  server.on("clientError", (error, socket: Socket) => {
    // What still comes of a request that was answered is met again and again.
    if (!socket.writable) return;
    requestRefused(telemetry, "malformed", socket.remoteAddress ?? "");
    answerMalformed(error, socket);
  });
  limitConnections(server, telemetry);
  return server;
}

/** Limits the connections, all told and of one address. */
function limitConnections(server: Server, telemetry: Telemetry): void {
  server.maxConnections = MOST_CONNECTIONS;
  server.maxHeadersCount = MOST_HEADERS;
  const byAddress = new Map<string, number>();
  server.on("drop", () => requestRefused(telemetry, "connections", ""));
  server.on("connection", (socket: Socket) => {
    const address = socket.remoteAddress ?? "";
    const open = (byAddress.get(address) ?? 0) + 1;
    byAddress.set(address, open);
    socket.once("close", () => {
      const left = (byAddress.get(address) ?? 1) - 1;
      if (left === 0) byAddress.delete(address);
      else byAddress.set(address, left);
    });
    if (open <= MOST_OF_ONE) return;
    requestRefused(telemetry, "connections", address);
    socket.destroy();
  });
}

const STATUS_TEXTS: Readonly<Record<string, readonly [status: string, text: string]>> = {
  HPE_HEADER_OVERFLOW: ["431 Request Header Fields Too Large", "The headers are too large."],
  ERR_HTTP_REQUEST_TIMEOUT: ["408 Request Timeout", "The request took too long."],
};

function answerMalformed(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET") return;
  const [status, text] = STATUS_TEXTS[error.code ?? ""] ?? ["400 Bad Request", "This is no HTTP request."];
  const refused: SidecarError = new RequestRefused(text);
  const body = JSON.stringify(errorAnswer(refused));
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
