import { setTimeout as sleep } from "node:timers/promises";
import type { Settings } from "../config/schema.js";
import { Backoff } from "../core/backoff.js";
import { causeText } from "../core/errors.js";
import type { LineBatch, StoredPosition } from "../core/source.js";
import { createRedact, type Redact } from "../records/redact/redact.js";
import { insistOnNats, type Nats, pause } from "../sources/nats/connection.js";
import { checkPayload } from "../sources/nats/stream.js";
import { inboxOf } from "../sources/nats/subjects.js";
import { natsError } from "../sources/nats/trouble.js";
import type { ForwardStatus } from "../status/status.js";
import type { NatsEvents } from "../telemetry/nats-events.js";
import { secretsKept } from "../telemetry/sidecar-events.js";
import type { Telemetry } from "../telemetry/telemetry.js";
import { type Last, lastOfHost, positionsOf } from "./chains.js";
import { Forwarding, type ForwardSource } from "./forwarding.js";

/** What is not sent by then is read again at the next start. */
const DRAIN_MS = 5_000;
/** Two forwarders that take turns at the same containers must not do so all the time. */
const AGAIN_MS = 500;

export interface ForwarderOptions {
  readonly settings: Settings;
  readonly servers: readonly string[];
  readonly telemetry: Telemetry;
  readonly events: NatsEvents;
  /** Asked until it answers, where the settings don't name the host. */
  readonly findHost: () => Promise<string>;
  readonly createSource: (restored: ReadonlyMap<string, StoredPosition>) => ForwardSource;
}

/**
 * Publishes what a source brings, instead of storing it: containers are read as ever and secrets taken out, the rest is done where the
 * stream is read. It keeps nothing on this host: the stream says where each container stands, and the engine has what is not there.
 */
export class Forwarder {
  readonly #options: ForwarderOptions;
  readonly events: NatsEvents;
  readonly #redact: Redact | undefined;
  /** No more is read. */
  readonly #stopping = new AbortController();
  /** Nothing more is sent. */
  readonly #ending = new AbortController();
  #source: ForwardSource | undefined;
  #host: string | undefined;
  #forwarding: Forwarding | undefined;

  constructor(options: ForwarderOptions) {
    const { settings, telemetry, events } = options;
    this.#options = options;
    this.events = events;
    this.#redact = createRedact(settings, (kind) =>
      telemetry.counters.add("secrets_redacted_total", 1, kind),
    );
    if (settings.redact === "off") secretsKept(telemetry);
  }

  /** Until `stop`. */
  async run(): Promise<void> {
    const { settings, servers, telemetry } = this.#options;
    const { signal } = this.#stopping;
    const host = settings.host ?? (await this.#findHost());
    if (host === undefined) return;
    this.#host = host;
    const name = `log-sidecar-forwarder ${host}`;
    const asked = { servers, settings, name, inboxPrefix: inboxOf(host) };
    const nats = await insistOnNats(asked, this.events, signal);
    if (nats === undefined) return;
    telemetry.log.info({ host, servers }, "forwarding what containers print");
    while (!signal.aborted) {
      await this.#forward(nats, host);
      await pause(AGAIN_MS, signal);
    }
    await Promise.race([nats.connection.close(), sleep(1_000, undefined, { ref: false })]);
  }

  /** NATS. */
  get watching() {
    return this.events.watching;
  }

  /** How things stand now. */
  get status(): ForwardStatus {
    const { watching, publishedMs } = this.events;
    const { trouble } = watching;
    return {
      ...(this.#host !== undefined && { host: this.#host }),
      servers: [...this.#options.servers],
      ...(trouble !== undefined && { trouble }),
      ...(publishedMs !== undefined && { lastPublished: new Date(publishedMs).toISOString() }),
      containers: this.#forwarding?.containers ?? [],
    };
  }

  /** Reads no more, and sends what was read; `run` resolves then. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const timer = setTimeout(() => this.#ending.abort(), DRAIN_MS);
    timer.unref();
    await this.#source?.stop();
  }

  async #findHost(): Promise<string | undefined> {
    const backoff = new Backoff();
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        const host = await this.#options.findHost();
        if (host !== "") return host;
      } catch (cause) {
        this.#options.telemetry.log.warn(`the host's name is not known yet: ${causeText(cause)}`);
      }
      await pause(backoff.next(), signal);
    }
    return undefined;
  }

  /** From where the stream says, until `stop` or until the stream is not as it was left. */
  async #forward(nats: Nats, host: string): Promise<void> {
    const { settings, createSource } = this.#options;
    const { natsPrefix: prefix } = settings;
    const lasts = await this.#insistOnLasts(nats, prefix, host);
    if (lasts === undefined || this.#stopping.signal.aborted) return;
    this.events.goesOn();
    const source = createSource(positionsOf(lasts));
    this.#source = source;
    const prepare = (batch: LineBatch) => this.#prepared(batch);
    const { signal: ending } = this.#ending;
    this.#forwarding = new Forwarding({
      nats,
      prefix,
      host,
      lasts,
      source,
      events: this.events,
      prepare,
      ending,
    });
    await this.#forwarding.run();
  }

  /** Counted, and without its secrets. */
  #prepared(batch: LineBatch): LineBatch {
    this.#options.telemetry.reads.addBatch(batch);
    const redact = this.#redact;
    if (redact === undefined) return batch;
    const { container } = batch;
    const lines = batch.lines.map((line) => {
      const text = redact(line.text, container);
      return text === line.text ? line : { ...line, text };
    });
    return { ...batch, lines };
  }

  async #insistOnLasts(nats: Nats, prefix: string, host: string): Promise<Map<string, Last> | undefined> {
    const { signal } = this.#stopping;
    const backoff = new Backoff();
    while (!signal.aborted) {
      try {
        checkPayload(nats);
        return await lastOfHost(nats, { prefix, host, onForeign: this.events.messageRefused });
      } catch (cause) {
        this.events.troubled(natsError(this.#options.servers, cause));
      }
      await pause(backoff.next(), signal);
    }
    return undefined;
  }
}
