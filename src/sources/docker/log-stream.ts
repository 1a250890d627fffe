import type { Socket } from "node:net";
import { SidecarError } from "../../core/errors.js";
import { dialEngine, type EngineAddress, engineError } from "./engine.js";
import { BodyDecoder } from "./http-body.js";

/** What to ask the engine's log API for. Both streams and times are always asked for. */
export interface LogQuery {
  readonly follow: boolean;
  /** Seconds with nanoseconds; absent: from the beginning. */
  readonly since?: string | undefined;
  readonly tail?: number;
}

/** Takes the body of the answer. Returning a promise pauses the connection until it is settled. */
export interface BodySink {
  /** Bytes `start` to `end` of the body stand in `buffer`. */
  span(buffer: Buffer, start: number, end: number): void;
  /** All spans of one read have been shown; `receivedMs` is when it arrived. */
  read(receivedMs: number): Promise<void> | undefined;
}

/** How a log stream ended: `whole` when the engine said so, `cut` when the connection just stopped. */
export type StreamEnd = "whole" | "cut";

/** The engine sends the head of its answer at once; when none comes, it or a proxy hangs. */
const HEAD_TIMEOUT_MS = 30_000;

/** How long a snapshot may be silent: the engine reads whole files to find `since` and sends nothing meanwhile. */
const SNAPSHOT_TIMEOUT_MS = 180_000;

/**
 * Reads one answer of `GET /containers/ID/logs`.
 *
 * The engine flushes each message, so an HTTP client sees one small chunk a line and spends more time on it
 * than all the rest takes. Reading the connection itself gives up to 64 KB at a time.
 * @throws SidecarError when the engine cannot be reached or refuses.
 */
export async function readLogStream(
  address: EngineAddress,
  containerId: string,
  query: LogQuery,
  sink: BodySink,
  signal: AbortSignal,
): Promise<StreamEnd> {
  signal.throwIfAborted();
  const socket = dialEngine(address);
  const decoder = new BodyDecoder(sink.span.bind(sink));
  const abort = () => socket.destroy();
  signal.addEventListener("abort", abort, { once: true });
  try {
    const idleMs = query.follow ? 0 : SNAPSHOT_TIMEOUT_MS;
    return await pump({ socket, decoder, sink, idleMs, request: requestText(address, containerId, query) });
  } catch (cause) {
    if (signal.aborted) return "cut";
    throw cause instanceof SidecarError ? cause : engineError(address, cause);
  } finally {
    signal.removeEventListener("abort", abort);
    socket.destroy();
  }
}

interface Pump {
  readonly socket: Socket;
  readonly request: string;
  readonly decoder: BodyDecoder;
  readonly sink: BodySink;
  /** The longest silence once the answer has begun; 0 for none. */
  readonly idleMs: number;
}

function pump({ socket, request, decoder, sink, idleMs }: Pump): Promise<StreamEnd> {
  return new Promise((resolve, reject) => {
    const finish = () => {
      if (decoder.status >= 400) reject(new SidecarError("ENGINE_ANSWER", decoder.errorText()));
      else resolve(decoder.complete ? "whole" : "cut");
    };
    socket.setTimeout(HEAD_TIMEOUT_MS, () => socket.destroy(new Error("the engine has stopped answering")));
    socket.on("data", (chunk: Buffer) => {
      socket.setTimeout(idleMs);
      try {
        decoder.push(chunk);
        const wait = sink.read(Date.now());
        if (wait !== undefined) {
          socket.pause();
          // Silence while nobody reads is not the engine's.
          socket.setTimeout(0);
          wait.then(
            () => {
              socket.setTimeout(idleMs);
              socket.resume();
            },
            (error: unknown) => socket.destroy(error as Error),
          );
        }
        if (decoder.complete) finish();
      } catch (error) {
        socket.destroy(error as Error);
      }
    });
    socket.on("error", reject);
    socket.on("close", finish);
    socket.write(request);
  });
}

function requestText(address: EngineAddress, containerId: string, query: LogQuery): string {
  const parameters = new URLSearchParams({ stdout: "1", stderr: "1", timestamps: "1" });
  parameters.set("follow", query.follow ? "1" : "0");
  if (query.since !== undefined) parameters.set("since", query.since);
  if (query.tail !== undefined) parameters.set("tail", String(query.tail));
  const host = address.kind === "socket" ? "docker" : `${address.host}:${address.port}`;
  return [
    `GET /containers/${encodeURIComponent(containerId)}/logs?${parameters} HTTP/1.1`,
    `Host: ${host}`,
    "User-Agent: auroraq-log-sidecar",
    "\r\n",
  ].join("\r\n");
}
