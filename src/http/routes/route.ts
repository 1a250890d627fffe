import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { SampledMetrics } from "../metrics/sampled.js";
import type { Access, CommonParts, HttpParts } from "../parts.js";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Who may ask; `guarded` where nothing is said. */
    access?: Access;
  }
}

export interface RouteOptions<Parts extends CommonParts = HttpParts> {
  readonly parts: Parts;
  /** Aborted when the sidecar stops. */
  readonly stopping: AbortSignal;
  /** What was measured so far. */
  readonly samples: SampledMetrics;
}

/** Adds the routes of one file. */
export type AddRoutes<Parts extends CommonParts = HttpParts> = (
  server: FastifyInstance,
  options: RouteOptions<Parts>,
) => void;

/** Aborted when the sidecar stops, or whoever asked has gone. */
export function untilGone(reply: FastifyReply, stopping: AbortSignal): AbortSignal {
  const gone = new AbortController();
  reply.raw.once("close", () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return AbortSignal.any([gone.signal, stopping]);
}

/** The body as the schema has it; no body is an empty one. @throws ZodError, which is answered with 400 */
export function bodyOf<T>(request: FastifyRequest, schema: z.ZodType<T>): T {
  return schema.parse(request.body ?? {});
}
