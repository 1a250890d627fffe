import type { Server } from "node:http";
import { type FastifyBaseLogger, type FastifyInstance, fastify } from "fastify";
import { SidecarError } from "../core/errors.js";
import { INSTANCE_HEADER } from "../upkeep/peer.js";
import { answerError, RequestRefused } from "./errors.js";
import { accessGuard } from "./guards/access.js";
import { BODY_LIMIT_BYTES, createListener } from "./guards/connections.js";
import { nameGuard } from "./guards/names.js";
import type { SampledMetrics } from "./metrics/sampled.js";
import type { CommonParts } from "./parts.js";
import type { AddRoutes } from "./routes/route.js";

export interface ServerOptions<Parts extends CommonParts> {
  readonly routes: readonly AddRoutes<Parts>[];
  readonly token: string | undefined;
  /** What this sidecar answers to, when a request names one. */
  readonly instance: string;
  /** Aborted when the sidecar stops: what is at work ends. */
  readonly stopping: AbortSignal;
  /** What was measured so far. */
  readonly samples: SampledMetrics;
  /** Whose requests are brought to `routing`, of a server that listens already; else one is made that brings them by itself. */
  readonly listener?: Server;
  /** How long the headers of a request may take, when not as usual. */
  readonly headersMs?: number;
}

/** The server with all routes: tests ask it without a port. */
export function createServer<Parts extends CommonParts>(
  parts: Parts,
  options: ServerOptions<Parts>,
): FastifyInstance {
  const { telemetry, settings } = parts;
  const { routes, token, instance, stopping, samples, listener, headersMs } = options;
  // What happens is told by event functions: fastify has a say where something is wrong.
  const log: FastifyBaseLogger = telemetry.log.child({ part: "http" }, { level: "warn" });
  const server = fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    forceCloseConnections: true,
    serverFactory: (handler) => listener ?? createListener(telemetry, headersMs).on("request", handler),
    // The listener's own answers are the only ones.
    clientErrorHandler: () => undefined,
    loggerInstance: log,
    // A request's own wish for another method or trust in another address is not heard.
    trustProxy: false,
    exposeHeadRoutes: true,
  });
  const checkName = nameGuard(settings.httpHosts ?? [], telemetry);
  const checkAccess = accessGuard({ token, telemetry });
  server.addHook("onRequest", async (request, reply) => {
    reply.header("cache-control", "no-store").header("x-content-type-options", "nosniff");
    checkName(request);
    const meant = request.headers[INSTANCE_HEADER];
    if (meant !== undefined && meant !== instance)
      throw new SidecarError("HTTP_MISDIRECTED", "This request is meant for another sidecar.");
    checkAccess(request, request.routeOptions.config.access ?? "guarded");
  });
  server.setErrorHandler(answerError(telemetry));
  server.setNotFoundHandler((request) => {
    throw new RequestRefused(`There is nothing at ${request.method} ${request.url.split("?")[0]}.`, 404);
  });
  for (const route of routes) route(server, { parts, stopping, samples });
  return server;
}
