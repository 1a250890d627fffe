import { readFileSync } from "node:fs";
import { z } from "zod";
import { causeText, SidecarError } from "../core/errors.js";

const SERVER = /^(?:(?:nats|tls):\/\/)?(?:\[[0-9a-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i;

/** Addresses of servers of one cluster, separated by commas. A password in one would be seen in process lists: it has a file. */
export const natsServers = z
  .string()
  .transform((text) => text.split(",").map((server) => server.trim()))
  .refine(
    (servers) => servers.every((server) => SERVER.test(server)),
    "expected addresses such as nats://10.0.0.1:4222, separated by commas; credentials are given in files (SIDECAR_NATS_CREDS_FILE, SIDECAR_NATS_NKEY_FILE, SIDECAR_NATS_USER_FILE)",
  );

/** Parts of a subject. The stream's name is made of it, and has 255 characters at most. */
export const natsPrefix = z
  .string()
  .max(100)
  .regex(
    /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/,
    "expected letters, digits, dashes and dots, such as logs or logs.eu",
  );

/** How to show who one is. */
export interface NatsSecrets {
  readonly creds: Uint8Array | undefined;
  readonly nkeySeed: Uint8Array | undefined;
  readonly user: string | undefined;
  readonly pass: string | undefined;
  readonly token: string | undefined;
}

interface FileSettings {
  readonly natsCredsFile?: string | undefined;
  readonly natsNkeyFile?: string | undefined;
  readonly natsUserFile?: string | undefined;
  readonly natsCaFile?: string | undefined;
  readonly natsCertFile?: string | undefined;
  readonly natsKeyFile?: string | undefined;
}

/** @throws SidecarError SETTINGS_INVALID when a file cannot be used */
export function readNatsSecrets(settings: FileSettings): NatsSecrets {
  const { natsCredsFile, natsNkeyFile, natsUserFile } = settings;
  for (const [name, file] of [
    ["SIDECAR_NATS_CA_FILE", settings.natsCaFile],
    ["SIDECAR_NATS_CERT_FILE", settings.natsCertFile],
    ["SIDECAR_NATS_KEY_FILE", settings.natsKeyFile],
  ] as const)
    if (file !== undefined) readSecret(name, file);
  const user = natsUserFile && readSecret("SIDECAR_NATS_USER_FILE", natsUserFile);
  const colon = user?.indexOf(":") ?? -1;
  return {
    // The client wants the last line to end.
    creds: natsCredsFile
      ? Buffer.from(`${readSecret("SIDECAR_NATS_CREDS_FILE", natsCredsFile)}\n`)
      : undefined,
    nkeySeed: natsNkeyFile ? Buffer.from(readSecret("SIDECAR_NATS_NKEY_FILE", natsNkeyFile)) : undefined,
    user: colon < 0 ? undefined : user?.slice(0, colon),
    pass: colon < 0 ? undefined : user?.slice(colon + 1),
    token: colon < 0 ? user : undefined,
  };
}

function readSecret(setting: string, file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (cause) {
    throw new SidecarError("SETTINGS_INVALID", `${setting} cannot be read: ${causeText(cause)}`);
  }
}
