import { SidecarError } from "../../core/errors.js";
import { dialAhead } from "./ahead/read-ahead.js";
import { type Connection, dial } from "./connection.js";
import { type EngineAddress, engineError } from "./engine.js";
import { BodyDecoder } from "./http-body.js";

/** What to ask the engine's log API for. Both streams and times are always asked for. */
export interface LogQuery {
  readonly follow: boolean;
  /** Seconds with nanoseconds; absent: from the beginning. */
  readonly since?: string | undefined;
  readonly tail?: number;
  /** Whoever is slow to read it loses lines. */
  readonly ahead?: boolean;
}

/** Takes the body of the answer. Returning a promise pauses the connection until it is settled. */
export interface BodySink {
  /** Bytes `start` to `end` of the body stand in `buffer`. */
  span(buffer: Buffer, start: number, end: number): void;
  /**
   * All spans of what came together have been shown; `receivedMs` is when the last of them arrived, `isInChunk` that it ended in the middle
   * of a chunk of the body.
   */
  read(receivedMs: number, isInChunk: boolean): Promise<void> | undefined;
}

/** How a log stream ended: `whole` when the engine said so, `cut` when the connection just stopped. */
export type StreamEnd = "whole" | "cut";

/** How long a snapshot may be silent: the engine reads whole files to find `since` and sends nothing meanwhile. */
const SNAPSHOT_TIMEOUT_MS = 180_000;

/**
 * Reads one answer of `GET /containers/ID/logs`.
 *
 * The engine flushes each message, so an HTTP client sees one small chunk a line and spends more time on it
 * than all the rest takes. The connection itself is read, and what comes within a few milliseconds is shown together.
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
  const reading = new Reading(sink);
  const abort = () => reading.stop();
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await reading.run(address, containerId, query);
  } catch (cause) {
    if (signal.aborted) return "cut";
    throw cause instanceof SidecarError ? cause : engineError(address, cause);
  } finally {
    signal.removeEventListener("abort", abort);
    reading.stop();
  }
}

/** One answer, as it comes from the connection. */
class Reading {
  readonly #sink: BodySink;
  readonly #decoder: BodyDecoder;
  #connection: Connection | undefined;
  #isStopped = false;
  #end: () => void = () => undefined;

  constructor(sink: BodySink) {
    this.#sink = sink;
    this.#decoder = new BodyDecoder(sink.span.bind(sink));
  }

  /** Nothing more is shown. */
  stop(): void {
    this.#isStopped = true;
    this.#connection?.destroy();
  }

  run(address: EngineAddress, containerId: string, query: LogQuery): Promise<StreamEnd> {
    const decoder = this.#decoder;
    const open = query.ahead === true ? dialAhead : dial;
    const idleMs = query.follow ? 0 : SNAPSHOT_TIMEOUT_MS;
    return new Promise((resolve, reject) => {
      this.#end = () => {
        if (decoder.status >= 400) reject(new SidecarError("ENGINE_ANSWER", decoder.errorText()));
        else resolve(decoder.complete ? "whole" : "cut");
      };
      const question = { request: requestText(address, containerId, query), idleMs };
      this.#connection = open(address, question, {
        shown: (bytes, receivedMs) => this.#show(bytes, receivedMs),
        ended: (error) => {
          if (error === undefined) this.#end();
          else reject(error);
        },
      });
    });
  }

  #show(bytes: Buffer, receivedMs: number): void {
    if (this.#isStopped) return;
    const connection = this.#connection!;
    try {
      this.#decoder.push(bytes);
      const wait = this.#sink.read(receivedMs, this.#decoder.isInChunk);
      if (wait !== undefined) this.#pause(connection, wait);
      if (this.#decoder.complete) this.#end();
    } catch (error) {
      connection.destroy(error as Error);
    }
  }

  #pause(connection: Connection, wait: Promise<void>): void {
    connection.pause();
    wait.then(
      () => connection.resume(),
      (error: unknown) => connection.destroy(error as Error),
    );
  }
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
