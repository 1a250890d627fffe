import { readFileSync, statSync } from "node:fs";
import { connect as connectPlain, type OnReadOpts, type Socket } from "node:net";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import Docker from "dockerode";
import { SidecarError, systemCode } from "../../core/errors.js";

/** Where the engine listens, read from the variables that docker's own client reads. */
export type EngineAddress =
  | { readonly kind: "socket"; readonly path: string; readonly text: string }
  | {
      readonly kind: "tcp";
      readonly host: string;
      readonly port: number;
      readonly tls:
        | { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer; readonly verify: boolean }
        | undefined;
      readonly text: string;
    };

const DEFAULT_SOCKET = "/var/run/docker.sock";

/**
 * Reads DOCKER_HOST (`unix://`, `tcp://`), DOCKER_TLS_VERIFY and DOCKER_CERT_PATH.
 * @throws SidecarError SETTINGS_INVALID for another scheme or certificates that cannot be read.
 */
export function readEngineAddress(env: NodeJS.ProcessEnv): EngineAddress {
  const text = env["DOCKER_HOST"] || `unix://${DEFAULT_SOCKET}`;
  if (text.startsWith("unix://")) {
    return { kind: "socket", path: text.slice("unix://".length) || DEFAULT_SOCKET, text };
  }
  let url: URL;
  try {
    url = new URL(text.replace(/^tcp:/, "http:"));
  } catch (cause) {
    throw new SidecarError("SETTINGS_INVALID", `DOCKER_HOST=${text} is not an address`, { cause });
  }
  if (!["http:", "https:"].includes(url.protocol)) {
    throw new SidecarError("SETTINGS_INVALID", `DOCKER_HOST=${text}: only unix:// and tcp:// can be used`);
  }
  // An empty DOCKER_TLS_VERIFY means no, any other value means yes: docker's own reading of it.
  const verify = Boolean(env["DOCKER_TLS_VERIFY"]);
  const secure = verify || url.protocol === "https:" || Boolean(env["DOCKER_TLS"]);
  return {
    kind: "tcp",
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port) || (secure ? 2376 : 2375),
    tls: secure ? { ...readCertificates(env), verify } : undefined,
    text,
  };
}

function readCertificates(env: NodeJS.ProcessEnv): { ca?: Buffer; cert?: Buffer; key?: Buffer } {
  const folder = env["DOCKER_CERT_PATH"];
  if (!folder) return {};
  try {
    return {
      ca: readFileSync(join(folder, "ca.pem")),
      cert: readFileSync(join(folder, "cert.pem")),
      key: readFileSync(join(folder, "key.pem")),
    };
  } catch (cause) {
    throw new SidecarError("SETTINGS_INVALID", `DOCKER_CERT_PATH=${folder} cannot be read`, { cause });
  }
}

/** A dockerode client for everything but the log streams. */
export function createDocker(address: EngineAddress): Docker {
  if (address.kind === "socket") return new Docker({ socketPath: address.path });
  return new Docker({
    host: address.host,
    port: address.port,
    protocol: address.tls ? "https" : "http",
    ...(address.tls?.ca && { ca: address.tls.ca }),
    ...(address.tls?.cert && { cert: address.tls.cert }),
    ...(address.tls?.key && { key: address.tls.key }),
  });
}

/** What the engine calls itself: Docker's first component is `Engine`, Podman's `Podman Engine`. */
export function engineName({
  Components: [first] = [],
}: {
  Components?: readonly { Name: string }[];
}): string {
  return first === undefined || first.Name === "Engine" ? "Docker Engine" : first.Name;
}

/** A bare connection to the engine: the log streams are read from it without an HTTP client between, where `onread` says. */
export function dialEngine(address: EngineAddress, onread: OnReadOpts): Socket {
  if (address.kind === "socket") return connectPlain({ path: address.path, onread });
  const { host, port, tls } = address;
  if (tls === undefined) return connectPlain({ host, port, keepAlive: true, onread });
  const { verify, ...certificates } = tls;
  // Node takes `onread` here too (lib/_tls_wrap.js); its types do not say so.
  const options = { host, port, ...certificates, rejectUnauthorized: verify, servername: host, onread };
  return connectTls(options);
}

/** Says why the engine does not answer, and what to do, in the terms of the address that was tried. */
export function engineError(address: EngineAddress, cause: unknown): SidecarError {
  const code = systemCode(cause);
  if (code === "EACCES" || code === "EPERM") {
    return new SidecarError(
      "ENGINE_FORBIDDEN",
      `no permission to use ${address.text} ${describeAccess(address)}`,
      {
        cause,
        remedy: remedyForAccess(address),
      },
    );
  }
  const status = (cause as { statusCode?: unknown } | undefined)?.statusCode;
  if (typeof status === "number") {
    return new SidecarError("ENGINE_ANSWER", `${address.text} answered with status ${status}`, { cause });
  }
  const meaning =
    code === "ENOENT"
      ? "there is no such socket"
      : code === "ECONNREFUSED"
        ? "nothing listens there"
        : "no connection";
  return new SidecarError(
    "ENGINE_ABSENT",
    `the Docker Engine at ${address.text} does not answer (${meaning})`,
    { cause },
  );
}

function socketGroup(address: EngineAddress): number | undefined {
  if (address.kind !== "socket") return undefined;
  try {
    return statSync(address.path).gid;
  } catch {
    // Not even visible: the plain remedy has to do.
    return undefined;
  }
}

function describeAccess(address: EngineAddress): string {
  const own = `this process has uid ${process.getuid?.()} and groups ${process.getgroups?.().join(", ")}`;
  const group = socketGroup(address);
  return group === undefined ? `(${own})` : `(${own}; the socket's group is ${group})`;
}

function remedyForAccess(address: EngineAddress): string {
  const group = socketGroup(address);
  return group === undefined
    ? "Give this user access to the socket."
    : `Add to the service in the compose file: group_add: ["${group}"]`;
}

/**
 * What the engine's machine is called.
 * @throws SidecarError when it does not answer
 */
export async function engineHost(address: EngineAddress): Promise<string> {
  try {
    const info = (await createDocker(address).info()) as { Name?: unknown };
    return String(info.Name ?? "");
  } catch (cause) {
    throw engineError(address, cause);
  }
}
