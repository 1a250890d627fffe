import { EventEmitter, once } from "node:events";
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
import { rejectable } from "../../core/rejectable.js";
import type { NatsEvents } from "../../telemetry/nats-events.js";
import { tlsOptions } from "./tls.js";
import { natsError } from "./trouble.js";

/** An answer that takes longer is unclear. */
export const ANSWER_MS = 5_000;
/**
 * … and one to a question that is asked again and again. A cluster that has lost its leader answers nothing until it has another one,
 * after some seconds: whoever waits longer for one answer comes later than he must.
 */
const AGAIN_MS = 2_000;
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
  /** How long JetStream may take for an answer, when not as usual. */
  readonly answerMs?: number;
}

/** A connection, and what JetStream is asked by. */
export interface Nats {
  readonly connection: NatsConnection;
  readonly manager: JetStreamManager;
  readonly client: JetStreamClient;
  /** How often the connection was lost. */
  losses: number;
  /** It is lost, and not back. */
  isLost: boolean;
  /** Says `lost` and `back`. */
  readonly changes: EventEmitter;
}

/** Resolves when there is a connection, or `stopping` is aborted: of what is asked without one nothing is heard for long. */
export async function untilConnected(nats: Nats, stopping: AbortSignal): Promise<void> {
  if (!nats.isLost || stopping.aborted) return;
  await once(nats.changes, "back", { signal: stopping }).catch(() => undefined);
}

/** What is answered; throws as soon as the connection is lost, for the answer will not come then, which the client does not see. */
export async function unlessLost<T>({ changes }: Pick<Nats, "changes">, answer: Promise<T>): Promise<T> {
  const { promise: lost, reject } = rejectable();
  const onLost = () => reject(new Error("the connection was lost before the answer came"));
  changes.once("lost", onLost);
  try {
    return await Promise.race([answer, lost]);
  } finally {
    changes.off("lost", onLost);
  }
}

/**
 * One attempt. The connection reconnects by itself to any server of the cluster, for as long as it takes.
 * @throws SidecarError NATS_ABSENT, NATS_FORBIDDEN, SETTINGS_INVALID
 */
export async function openNats(options: ConnectionOptions): Promise<Nats> {
  const { servers, settings, name, inboxPrefix, answerMs = ANSWER_MS } = options;
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
    // Each container that is forwarded has a request under way.
    const changes = new EventEmitter().setMaxListeners(0);
    const asked = { timeout: answerMs, ...(settings.natsDomain && { domain: settings.natsDomain }) };
    const manager = await jetstreamManager(connection, { checkAPI: false, ...asked });
    return { connection, manager, client: jetstream(connection, asked), losses: 0, isLost: false, changes };
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
      const nats = await openNats({ answerMs: AGAIN_MS, ...options });
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
      nats.isLost = true;
      nats.changes.emit("lost");
      events.disconnected(status.server);
    } else if (status.type === "reconnect") {
      nats.isLost = false;
      nats.changes.emit("back");
      events.connected(status.server);
    } else if (status.type === "error") events.troubled(natsError([connection.getServer()], status.error));
  }
}
