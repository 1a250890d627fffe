import { type IncomingMessage, request as plainRequest, type RequestOptions } from "node:http";
import { request as secureRequest } from "node:https";
import type { EngineAddress } from "./engine.js";

/** What the engine, or what stands before it, says to one request. */
export interface EngineAnswer {
  readonly status: number;
  /** The answerer's clock, milliseconds since 1970, to the second; undefined where it does not tell. */
  readonly clockMs: number | undefined;
  /** Parsed as JSON where it is that, else as text; at most so many bytes of it. */
  readonly body: unknown;
}

const MOST_BYTES = 64 * 1024 * 1024;
const LIMIT_MS = 10_000;

/**
 * Asks by GET and waits for the whole answer, whatever its status: to find out what is answered and what is refused.
 * Rejects with the system's error where nobody answers, and when the signal (by default a limit of time) gives it up.
 */
export async function ask(
  address: EngineAddress,
  path: string,
  signal = AbortSignal.timeout(LIMIT_MS),
): Promise<EngineAnswer> {
  const answer = await open(address, path, signal);
  let text = "";
  for await (const chunk of answer.setEncoding("utf8")) {
    text += chunk;
    if (text.length > MOST_BYTES) break;
  }
  const clockMs = Date.parse(answer.headers.date ?? "");
  return {
    status: answer.statusCode ?? 0,
    clockMs: Number.isNaN(clockMs) ? undefined : clockMs,
    body: readValue(text),
  };
}

/** Opens a stream on which nothing comes, and gives how long it was left open, at most `forMs`. */
export async function holdQuiet(address: EngineAddress, path: string, forMs: number): Promise<number> {
  const startMs = performance.now();
  try {
    const answer = await open(address, path, AbortSignal.timeout(forMs));
    for await (const _chunk of answer);
  } catch {
    // Our own limit, or a cut: how long it took says which.
  }
  return performance.now() - startMs;
}

function open(address: EngineAddress, path: string, signal: AbortSignal): Promise<IncomingMessage> {
  const target: RequestOptions =
    address.kind === "socket"
      ? { socketPath: address.path }
      : { host: address.host, port: address.port, ...(address.tls && certificatesOf(address.tls)) };
  const request = address.kind === "tcp" && address.tls !== undefined ? secureRequest : plainRequest;
  return new Promise((resolve, reject) => {
    request({ ...target, path, signal, agent: false }, resolve)
      .on("error", reject)
      .end();
  });
}

function certificatesOf({ verify, ...files }: NonNullable<(EngineAddress & { kind: "tcp" })["tls"]>) {
  return { ...files, rejectUnauthorized: verify };
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A refusal in words, or a stream of several objects.
    return text;
  }
}
