import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { SidecarError } from "../../core/errors.js";
import { requestRefused } from "../../telemetry/http-events.js";
import type { Telemetry } from "../../telemetry/telemetry.js";
import type { Access } from "../parts.js";
import { Attempts } from "./attempts.js";

/** Whoever opens the page of a sidecar in a container meets this first: a published port is asked by the network's gateway, not by loopback. */
const TOKEN_REMEDY =
  "Put SIDECAR_HTTP_TOKEN=… (16 characters or more: `openssl rand -hex 24`) into the file .env beside your compose file, run `docker compose … up -d` again, and show that token: the page asks for it. Without containers, set it as a variable, or ask on the machine itself.";

interface AccessOptions {
  readonly token: string | undefined;
  readonly telemetry: Telemetry;
}

/**
 * Who may ask. With a token, whoever shows it may ask everything. Without one, everybody who reaches the address may ask
 * what is `guarded` (figures), and only loopback what is `private` (records, and whatever changes something).
 * What is `open` (health) is always answered.
 * @throws SidecarError HTTP_TOKEN, HTTP_ATTEMPTS, HTTP_FORBIDDEN
 */
export function accessGuard({
  token,
  telemetry,
}: AccessOptions): (request: FastifyRequest, access: Access) => void {
  const attempts = new Attempts();
  const expected = token === undefined ? undefined : digest(`Bearer ${token}`);
  return (request, access) => {
    if (access === "open") return;
    const from = request.socket.remoteAddress ?? "";
    if (expected === undefined) {
      if (access === "guarded" || isLocal(request)) return;
      requestRefused(telemetry, "not-loopback", from);
      throw new SidecarError("HTTP_FORBIDDEN", "Without a token this is answered on loopback only.", {
        remedy: TOKEN_REMEDY,
      });
    }
    if (attempts.areTooMany(from)) {
      requestRefused(telemetry, "attempts", from);
      throw new SidecarError("HTTP_ATTEMPTS", "Too many wrong tokens came from this address.");
    }
    const { authorization } = request.headers;
    // Digests are compared: they are of one length, and where they differ says nothing of the token.
    if (timingSafeEqual(digest(authorization ?? ""), expected)) return;
    requestRefused(telemetry, "token", from);
    // Whoever sends none does not guess.
    if (authorization !== undefined) attempts.note(from);
    throw new SidecarError(
      "HTTP_TOKEN",
      authorization === undefined ? "This needs a token." : "The token is wrong.",
    );
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** Asked from this machine, and not by a proxy on it for somebody else. */
function isLocal({ socket, headers }: FastifyRequest): boolean {
  const address = socket.remoteAddress?.replace(/^::ffff:/, "") ?? "";
  const isLoopback = address === "::1" || /^127\.\d+\.\d+\.\d+$/.test(address);
  return isLoopback && headers["x-forwarded-for"] === undefined && headers.forwarded === undefined;
}
