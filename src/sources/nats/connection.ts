import { setTimeout as sleep } from "node:timers/promises";
import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from "@nats-io/jetstream";
import {
  type Authenticator,
  connect,
  credsAuthenticator,
  errors,
  type NatsConnection,
  nkeyAuthenticator,
} from "@nats-io/transport-node";
import { type NatsSecrets, readNatsSecrets } from "../../config/nats.js";
import type { Settings } from "../../config/schema.js";
import { SidecarError } from "../../core/errors.js";
import type { NatsEvents } from "../../telemetry/nats-events.js";
import { tlsOptions } from "./tls.js";
import { natsError } from "./trouble.js";

/** An answer that takes longer is unclear. */
export const ANSWER_MS = 5_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** A server that does not answer two pings is gone. */
const PING_MS = 5_000;

export interface ConnectionOptions {
  readonly servers: readonly string[];
  readonly settings: Settings;
  readonly name: string;
  /** `inboxOf` some name; the client's own kind when undefined. */
  readonly inboxPrefix?: string | undefined;
}

/** A connection, and what JetStream is asked by. */
export interface Nats {
  readonly connection: NatsConnection;
  readonly manager: JetStreamManager;
  readonly client: JetStreamClient;
  /** How often the connection was lost. */
  losses: number;
}

/**
 * One attempt. The connection reconnects by itself to any server of the cluster, for as long as it takes.
 * @throws SidecarError NATS_ABSENT, NATS_FORBIDDEN, SETTINGS_INVALID
 */
export async function openNats(options: ConnectionOptions): Promise<Nats> {
  const { servers, settings, name, inboxPrefix } = options;
  const secrets = readNatsSecrets(settings);
  const tls = tlsOptions(servers, settings);
  try {
    const connection = await connect({
      servers: [...servers],
      name,
      ...(inboxPrefix !== undefined && { inboxPrefix }),
      ...authentication(secrets),
      ...(tls !== undefined && { tls }),
      timeout: ANSWER_MS,
      maxReconnectAttempts: -1,
      // A server that is being set up may not know the user yet.
      ignoreAuthErrorAbort: true,
      reconnectTimeWait: 500,
      pingInterval: PING_MS,
      noAsyncTraces: true,
    });
    const asked = { timeout: ANSWER_MS, ...(settings.natsDomain && { domain: settings.natsDomain }) };
    const manager = await jetstreamManager(connection, { checkAPI: false, ...asked });
    return { connection, manager, client: jetstream(connection, asked), losses: 0 };
  } catch (cause) {
    // In TLS 1.3 a client is not told why: its certificate is looked at after it has done its part.
    const isMute = cause instanceof errors.TimeoutError && tls !== undefined && tls.certFile === undefined;
    throw natsError(servers, isMute ? new Error("no answer: it may want a certificate of this host") : cause);
  }
}

function authentication({ creds, nkeySeed, user, pass, token }: NatsSecrets) {
  const authenticator: Authenticator[] = [];
  if (creds !== undefined) authenticator.push(credsAuthenticator(creds));
  if (nkeySeed !== undefined) authenticator.push(nkeyAuthenticator(nkeySeed));
  return {
    ...(authenticator.length > 0 && { authenticator }),
    ...(user !== undefined && { user }),
    ...(pass !== undefined && { pass }),
    ...(token !== undefined && { token }),
  };
}

/** Tries until it works, and tells what stands in the way; undefined when `stopping` came first. */
export async function insistOnNats(
  options: ConnectionOptions,
  events: NatsEvents,
  stopping: AbortSignal,
): Promise<Nats | undefined> {
  for (let pauseMs = FIRST_PAUSE_MS; !stopping.aborted; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
    try {
      const nats = await openNats(options);
      events.connected(nats.connection.getServer());
      void watchStatus(nats, events);
      return nats;
    } catch (cause) {
      if (cause instanceof SidecarError && cause.code === "SETTINGS_INVALID") throw cause;
      events.troubled(natsError(options.servers, cause));
    }
    await pause(pauseMs, stopping);
  }
  return undefined;
}

/** Resolves after so long, or when `stopping` is aborted. */
export async function pause(ms: number, stopping: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: stopping }).catch(() => undefined);
}

async function watchStatus(nats: Nats, events: NatsEvents): Promise<void> {
  const { connection } = nats;
  for await (const status of connection.status()) {
    if (status.type === "disconnect") {
      nats.losses += 1;
      events.disconnected(status.server);
    } else if (status.type === "reconnect") events.connected(status.server);
    else if (status.type === "error") events.troubled(natsError([connection.getServer()], status.error));
  }
}
