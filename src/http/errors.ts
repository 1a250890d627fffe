import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { causeText, type ErrorCode, SidecarError } from "../core/errors.js";
import { requestFailed } from "../telemetry/http-events.js";
import type { Telemetry } from "../telemetry/telemetry.js";

/** The HTTP status of those that are not 500. */
const STATUSES: Partial<Record<ErrorCode, number>> = {
  SETTINGS_INVALID: 400,
  RULES_INVALID: 422,
  RETENTION_RUNNING: 409,
  DISK_FULL: 507,
  STORE_FAILED: 503,
  ENGINE_ABSENT: 503,
  SIDECAR_ABSENT: 503,
  HTTP_TOKEN: 401,
  HTTP_ATTEMPTS: 429,
  HTTP_FORBIDDEN: 403,
  HTTP_MISDIRECTED: 421,
  HTTP_REQUEST: 400,
};

/** What an error looks like on the wire. */
export interface ErrorAnswer {
  readonly code: ErrorCode;
  readonly message: string;
  readonly remedy: string;
}

export function errorAnswer({ code, told, remedy }: SidecarError): ErrorAnswer {
  return { code, message: told, remedy };
}

/** A request that cannot be understood, with the status that says how. */
export class RequestRefused extends SidecarError {
  readonly status: number;

  constructor(detail: string, status = 400) {
    super("HTTP_REQUEST", detail);
    this.status = status;
  }
}

/** Answers whatever a handler throws. Nothing of the program's inside is told: stacks stay in the log. */
export function answerError(
  telemetry: Telemetry,
): (error: unknown, request: FastifyRequest, reply: FastifyReply) => void {
  return (error, request, reply) => {
    const known = knownError(error);
    const shown = known ?? new SidecarError("HTTP_FAILED", "This request could not be answered.");
    // Whoever has gone waits for nothing, and what was at work for them was told to end.
    const isGone = reply.raw.destroyed;
    if (known === undefined && !isGone)
      requestFailed(telemetry, request.method, request.routeOptions.url ?? "", error);
    const status = shown instanceof RequestRefused ? shown.status : (STATUSES[shown.code] ?? 500);
    if (status === 401) reply.header("www-authenticate", "Bearer");
    if (status === 429) reply.header("retry-after", "60");
    // What is left of a body that was too large is not waited for.
    if (status === 413) reply.header("connection", "close");
    reply.code(status).send(errorAnswer(shown));
  };
}

function knownError(error: unknown): SidecarError | undefined {
  if (error instanceof SidecarError) return error;
  if (error instanceof z.ZodError) return new RequestRefused(z.prettifyError(error).replaceAll("\n", " "));
  // Fastify's own refusals: a body that is no JSON, too large, or of another type.
  const status = (error as { statusCode?: unknown } | undefined)?.statusCode;
  if (typeof status === "number" && status >= 400 && status < 500)
    return new RequestRefused(causeText(error), status);
  return undefined;
}
