import { isIP } from "node:net";
import { hostname } from "node:os";
import type { FastifyRequest } from "fastify";
import { SidecarError } from "../../core/errors.js";
import { requestRefused } from "../../telemetry/http-events.js";
import type { Telemetry } from "../../telemetry/telemetry.js";

/**
 * Answers under the sidecar's own names only. A page from elsewhere whose name is made to lead here (DNS rebinding) comes with
 * that name in `Host`; an address can't be such a name. A page that sends a form here comes with its own `Origin`.
 * @throws SidecarError HTTP_FORBIDDEN
 */
export function nameGuard(
  others: readonly string[],
  telemetry: Telemetry,
): (request: FastifyRequest) => void {
  const names = new Set(["localhost", hostname().toLowerCase(), ...others]);
  return ({ headers, socket, method }) => {
    const host = headers.host ?? "";
    const refuse = (reason: string, detail: string) => {
      requestRefused(telemetry, reason, socket.remoteAddress ?? "");
      throw new SidecarError("HTTP_FORBIDDEN", detail);
    };
    if (!isOwn(host, names)) refuse("host", "The sidecar is not asked under this name.");
    const { origin } = headers;
    if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`)
      refuse("origin", "Pages from elsewhere are not answered.");
    const site = headers["sec-fetch-site"];
    if (method !== "GET" && site !== undefined && site !== "same-origin" && site !== "none")
      refuse("origin", "Pages from elsewhere are not answered.");
  };
}

function isOwn(host: string, names: ReadonlySet<string>): boolean {
  const name = host.replace(/:\d+$/, "").toLowerCase();
  const isAddress = isIP(name) === 4 || (/^\[.*\]$/.test(name) && isIP(name.slice(1, -1)) === 6);
  return isAddress || names.has(name) || name.endsWith(".localhost");
}
