import { isIP } from "node:net";
import { checkServerIdentity, type PeerCertificate } from "node:tls";
import type { TlsOptions } from "@nats-io/transport-node";
import type { Settings } from "../../config/schema.js";

/** What the client is told of TLS; undefined where it is not wanted. */
export function tlsOptions(servers: readonly string[], settings: Settings): TlsOptions | undefined {
  const { natsCaFile: caFile, natsCertFile: certFile, natsKeyFile: keyFile } = settings;
  if (!(caFile ?? certFile ?? servers.some((server) => server.startsWith("tls:")))) return undefined;
  const options = {
    ...(caFile && { caFile }),
    ...(certFile && { certFile }),
    ...(keyFile && { keyFile }),
    // Handed on to node:tls as it is.
    checkServerIdentity: identityOf(servers),
  };
  return options;
}

/**
 * The client gives names to node:tls, and no addresses, for which that takes `localhost`: a certificate must then be of one of the
 * addresses that are known.
 */
function identityOf(servers: readonly string[]) {
  const hosts = servers.map((server) => server.replace(/^\w+:\/\//, "").replace(/:\d+$/, ""));
  const addresses = hosts.map((host) => host.replace(/^\[|\]$/g, "")).filter((host) => isIP(host) !== 0);
  return (host: string, certificate: PeerCertificate): Error | undefined => {
    if (addresses.length === 0 || hosts.includes(host)) return checkServerIdentity(host, certificate);
    const faults = addresses.map((address) => checkServerIdentity(address, certificate));
    return faults.includes(undefined) ? undefined : faults[0];
  };
}
