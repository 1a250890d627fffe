import type { OnReadOpts, Socket } from "node:net";
import { SidecarError } from "../../core/errors.js";
import { dialEngine, type EngineAddress, engineError } from "./engine.js";
import { Gathering } from "./gathering.js";
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
  /** All spans of what came together have been shown; `receivedMs` is when the last of them arrived. */
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
  const reading = new Reading(sink, query.follow ? 0 : SNAPSHOT_TIMEOUT_MS);
  const socket = dialEngine(address, reading.onread);
  const abort = () => {
    reading.stop();
    socket.destroy();
  };
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await reading.run(socket, requestText(address, containerId, query));
  } catch (cause) {
    if (signal.aborted) return "cut";
    throw cause instanceof SidecarError ? cause : engineError(address, cause);
  } finally {
    signal.removeEventListener("abort", abort);
    socket.destroy();
  }
}

/** One answer, as it comes from the connection. */
class Reading {
  readonly #sink: BodySink;
  /** The longest silence once the answer has begun; 0 for none. */
  readonly #idleMs: number;
  readonly #decoder: BodyDecoder;
  readonly #gathering = new Gathering((bytes, receivedMs) => this.#show(bytes, receivedMs));
  #socket: Socket | undefined;
  #hasBegun = false;
  #end: () => void = () => undefined;

  constructor(sink: BodySink, idleMs: number) {
    this.#sink = sink;
    this.#idleMs = idleMs;
    this.#decoder = new BodyDecoder(sink.span.bind(sink));
  }

  get onread(): OnReadOpts {
    return this.#gathering.onread;
  }

  /** Nothing more is shown. */
  stop(): void {
    this.#gathering.stop();
  }

  run(socket: Socket, request: string): Promise<StreamEnd> {
    const decoder = this.#decoder;
    this.#socket = socket;
    return new Promise((resolve, reject) => {
      this.#end = () => {
        if (decoder.status >= 400) reject(new SidecarError("ENGINE_ANSWER", decoder.errorText()));
        else resolve(decoder.complete ? "whole" : "cut");
      };
      socket.setTimeout(HEAD_TIMEOUT_MS, () => socket.destroy(new Error("the engine has stopped answering")));
      // What came before counts.
      socket.on("error", (error) => {
        this.#gathering.flush();
        reject(error);
      });
      socket.on("close", () => {
        this.#gathering.flush();
        this.#end();
      });
      socket.write(request);
      // Without it nobody would hear of the end.
      socket.resume();
    });
  }

  #show(bytes: Buffer, receivedMs: number): void {
    const socket = this.#socket!;
    if (!this.#hasBegun) socket.setTimeout(this.#idleMs);
    this.#hasBegun = true;
    try {
      this.#decoder.push(bytes);
      const wait = this.#sink.read(receivedMs);
      if (wait !== undefined) this.#pause(socket, wait);
      if (this.#decoder.complete) this.#end();
    } catch (error) {
      socket.destroy(error as Error);
    }
  }

  #pause(socket: Socket, wait: Promise<void>): void {
    socket.pause();
    // Silence while nobody reads is not the engine's.
    socket.setTimeout(0);
    wait.then(
      () => {
        socket.setTimeout(this.#idleMs);
        socket.resume();
      },
      (error: unknown) => socket.destroy(error as Error),
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
