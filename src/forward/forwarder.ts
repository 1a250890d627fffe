import { setTimeout as sleep } from "node:timers/promises";
import type { Settings } from "../config/schema.js";
import { Backoff } from "../core/backoff.js";
import type { Container } from "../core/container.js";
import { causeText } from "../core/errors.js";
import type { LineBatch, Source, StoredPosition } from "../core/source.js";
import { createRedact, type Redact } from "../records/redact/redact.js";
import { insistOnNats, type Nats, pause } from "../sources/nats/connection.js";
import { LEAST_PAYLOAD_BYTES, MESSAGE_BYTES } from "../sources/nats/message.js";
import { checkPayload } from "../sources/nats/stream.js";
import { inboxOf, subjectOf } from "../sources/nats/subjects.js";
import { natsError } from "../sources/nats/trouble.js";
import { NatsEvents } from "../telemetry/nats-events.js";
import { secretsKept } from "../telemetry/sidecar-events.js";
import type { Telemetry } from "../telemetry/telemetry.js";
import { Chain } from "./chain.js";
import { type Last, lastOfHost, positionsOf } from "./chains.js";
import { Life } from "./life.js";
import { Outbox } from "./outbox.js";
import { Publisher } from "./publisher.js";

/** What is not sent by then is read again at the next start. */
const DRAIN_MS = 5_000;
/** Two forwarders that take turns at the same containers must not do so all the time. */
const AGAIN_MS = 500;
/** Headers of a message, in which a position may be long. */
const HEADER_BYTES = 16 * 1024;

/** A source that can be read from where it stopped, and says where it begins. */
export interface ForwardSource extends Source {
  readonly start: unknown;
}

export interface ForwarderOptions {
  readonly settings: Settings;
  readonly servers: readonly string[];
  readonly telemetry: Telemetry;
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
  readonly #events: NatsEvents;
  readonly #redact: Redact | undefined;
  readonly #life: Life;
  /** No more is read. */
  readonly #stopping = new AbortController();
  /** Nothing more is sent. */
  readonly #ending = new AbortController();
  #source: ForwardSource | undefined;

  constructor(options: ForwarderOptions) {
    const { settings, telemetry } = options;
    this.#options = options;
    this.#events = new NatsEvents(telemetry);
    this.#life = new Life(settings.logDir, telemetry);
    this.#redact = createRedact(settings, (kind) =>
      telemetry.counters.add("secrets_redacted_total", 1, kind),
    );
    if (settings.redact === "off") secretsKept(telemetry);
  }

  /** Until `stop`. */
  async run(): Promise<void> {
    const { settings, servers, telemetry } = this.#options;
    const { signal } = this.#stopping;
    this.#life.start();
    try {
      const host = settings.host ?? (await this.#findHost());
      if (host === undefined) return;
      const name = `log-sidecar-forwarder ${host}`;
      const asked = { servers, settings, name, inboxPrefix: inboxOf(host) };
      const nats = await insistOnNats(asked, this.#events, signal);
      if (nats === undefined) return;
      telemetry.log.info({ host, servers }, "forwarding what containers print");
      while (!signal.aborted) {
        await this.#forward(nats, host);
        await pause(AGAIN_MS, signal);
      }
      await Promise.race([nats.connection.close(), sleep(1_000, undefined, { ref: false })]);
    } finally {
      await this.#life.stop();
    }
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
    if (lasts === undefined) return;
    const source = createSource(positionsOf(lasts));
    this.#source = source;
    const failing = new AbortController();
    const stopping = AbortSignal.any([this.#ending.signal, failing.signal]);
    const publisher = new Publisher({ nats, prefix, events: this.#events, stopping });
    const largest = Math.max(LEAST_PAYLOAD_BYTES, nats.connection.info?.max_payload ?? 0);
    const limitBytes = Math.min(MESSAGE_BYTES, largest - HEADER_BYTES);
    const outboxes = new Map<string, Outbox>();
    const outboxOf = ({ id, name }: Container): Outbox => {
      const known = outboxes.get(id);
      if (known !== undefined) return known;
      const outbox = new Outbox({
        subject: subjectOf(prefix, { host, containerId: id }),
        chain: new Chain(lasts.get(id), source.start, limitBytes),
        publisher,
        events: this.#events,
        stopping,
        onDiverged: () => {
          this.#events.diverged(name, "another message");
          failing.abort();
        },
      });
      outboxes.set(id, outbox);
      return outbox;
    };
    stopping.addEventListener("abort", () => {
      for (const outbox of outboxes.values()) outbox.release();
      void source.stop();
    });
    await source.run({
      deliver: (batch) =>
        stopping.aborted ? undefined : outboxOf(batch.container).put(this.#redacted(batch)),
    });
    await Promise.all([...outboxes.values()].map((outbox) => outbox.drained()));
  }

  #redacted(batch: LineBatch): LineBatch {
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
        return await lastOfHost(nats, { prefix, host, onForeign: this.#events.messageRefused });
      } catch (cause) {
        this.#events.troubled(natsError(this.#options.servers, cause));
      }
      await pause(backoff.next(), signal);
    }
    return undefined;
  }
}
