import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { HttpAddress } from "../config/http.js";
import { SidecarError, systemCode } from "../core/errors.js";
import { httpLeftOut, httpListening } from "../telemetry/http-events.js";
import { createListener } from "./guards/connections.js";
import { answerLater } from "./later.js";
import { listenerOf } from "./listener.js";
import { collectSamples } from "./metrics/sampled.js";
import type { CommonParts, ForwarderParts, HttpParts } from "./parts.js";
import type { AddRoutes } from "./routes/route.js";

export interface HttpOptions {
  readonly address: HttpAddress;
  readonly token: string | undefined;
  /** Nobody asked for this address: where it is taken, the sidecar does without. */
  readonly isDefault: boolean;
  /** What the command `doctor` finds. */
  readonly examine: CommonParts["examine"];
}

/** HTTP as it is answered. */
export interface HttpService {
  /** How a command on this machine reaches it. */
  readonly peer: { readonly host: string; readonly port: number; readonly instance: string };
  /** What is at work ends, and nothing more is answered. */
  close(): Promise<void>;
}

/**
 * Of a sidecar that stores lines. Undefined when the default address could not be had.
 * @throws SidecarError HTTP_ADDRESS when another one could not
 */
export function openHttp(parts: HttpParts, options: HttpOptions): Promise<HttpService | undefined> {
  return open(parts, (answers) => answers.ROUTES, options);
}

/** The same of one that forwards them, and stores nothing. */
export function openForwarderHttp(
  parts: ForwarderParts,
  options: HttpOptions,
): Promise<HttpService | undefined> {
  return open(parts, (answers) => answers.FORWARDER_ROUTES, options);
}

async function open<Parts extends CommonParts>(
  parts: Parts,
  routesOf: (answers: typeof import("./answers.js")) => readonly AddRoutes<Parts>[],
  options: HttpOptions,
): Promise<HttpService | undefined> {
  const { address, token, isDefault } = options;
  const { telemetry } = parts;
  const listener = createListener(telemetry);
  try {
    await once(listener.listen({ host: address.host, port: address.port }), "listening");
  } catch (cause) {
    const error = await refusal(address, cause);
    if (!isDefault) throw error;
    httpLeftOut(telemetry, error);
    return undefined;
  }
  const stopping = new AbortController();
  const instance = randomUUID();
  const samples = collectSamples(telemetry);
  const answers = answerLater(listener, telemetry, async () => {
    const loaded = await import("./answers.js");
    const routes = routesOf(loaded);
    return loaded.createServer(parts, {
      routes,
      token,
      instance,
      stopping: stopping.signal,
      samples,
      listener,
    });
  });
  const { port } = listener.address() as AddressInfo;
  httpListening(telemetry, `http://${shown({ ...address, port })}`, token !== undefined);
  return {
    peer: { host: reachable(address.host), port, instance },
    async close() {
      stopping.abort();
      await answers.close();
    },
  };
}

async function refusal(address: HttpAddress, cause: unknown): Promise<SidecarError> {
  const code = systemCode(cause);
  if (code === "EADDRINUSE") {
    const holder = await listenerOf(address.port);
    const detail = `${shown(address)} is taken${holder === undefined ? "" : ` by ${holder}`}`;
    return new SidecarError("HTTP_ADDRESS", detail);
  }
  const why = code === "EACCES" ? "ports below 1024 need root" : "this machine has no such address";
  return new SidecarError("HTTP_ADDRESS", `${shown(address)} cannot be listened on (${why})`, { cause });
}

function shown({ host, port }: HttpAddress): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function reachable(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  return host === "::" ? "::1" : host;
}
