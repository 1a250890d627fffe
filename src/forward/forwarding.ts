import type { Container } from "../core/container.js";
import type { LineBatch, Source } from "../core/source.js";
import type { Nats } from "../sources/nats/connection.js";
import { LEAST_PAYLOAD_BYTES, MESSAGE_BYTES } from "../sources/nats/message.js";
import { subjectOf } from "../sources/nats/subjects.js";
import type { ForwardStatus } from "../status/status.js";
import type { NatsEvents } from "../telemetry/nats-events.js";
import { Chain } from "./chain.js";
import type { Last } from "./chains.js";
import { Outbox } from "./outbox.js";
import { Publisher } from "./publisher.js";

/** Headers of a message, in which a position may be long. */
const HEADER_BYTES = 16 * 1024;

/** A source that can be read from where it stopped, and says where it begins. */
export interface ForwardSource extends Source {
  readonly start: unknown;
}

interface ForwardingOptions {
  readonly nats: Nats;
  readonly prefix: string;
  readonly host: string;
  /** The stream's last message of each container. */
  readonly lasts: Map<string, Last>;
  readonly source: ForwardSource;
  readonly events: NatsEvents;
  /** What a batch is when it leaves the host. */
  readonly prepare: (batch: LineBatch) => LineBatch;
  /** Nothing more is sent. */
  readonly ending: AbortSignal;
}

/** Forwards from where the stream says, until the source ends or the stream is not as it was left. */
export class Forwarding {
  readonly #options: ForwardingOptions;
  readonly #publisher: Publisher;
  readonly #limitBytes: number;
  readonly #failing = new AbortController();
  readonly #stopping: AbortSignal;
  readonly #outboxes = new Map<string, { readonly name: string; readonly outbox: Outbox }>();

  constructor(options: ForwardingOptions) {
    this.#options = options;
    const { nats, prefix, events, ending } = options;
    this.#stopping = AbortSignal.any([ending, this.#failing.signal]);
    this.#publisher = new Publisher({ nats, prefix, events, stopping: this.#stopping });
    const largest = Math.max(LEAST_PAYLOAD_BYTES, nats.connection.info?.max_payload ?? 0);
    this.#limitBytes = Math.min(MESSAGE_BYTES, largest - HEADER_BYTES);
  }

  async run(): Promise<void> {
    const { source, prepare } = this.#options;
    const stopping = this.#stopping;
    stopping.addEventListener("abort", () => {
      for (const { outbox } of this.#outboxes.values()) outbox.release();
      void source.stop();
    });
    await source.run({
      deliver: (batch) =>
        stopping.aborted ? undefined : this.#outboxOf(batch.container).put(prepare(batch)),
    });
    await Promise.all([...this.#outboxes.values()].map(({ outbox }) => outbox.drained()));
  }

  get containers(): ForwardStatus["containers"] {
    return [...this.#outboxes].map(([id, { name, outbox }]) => ({ id, name, ...outbox.standing }));
  }

  #outboxOf({ id, name }: Container): Outbox {
    const known = this.#outboxes.get(id);
    if (known?.name === name) return known.outbox;
    const outbox = known?.outbox ?? this.#open(id, name);
    this.#outboxes.set(id, { name, outbox });
    return outbox;
  }

  #open(id: string, name: string): Outbox {
    const { prefix, host, lasts, source, events } = this.#options;
    return new Outbox({
      subject: subjectOf(prefix, { host, containerId: id }),
      chain: new Chain(lasts.get(id), source.start, this.#limitBytes),
      publisher: this.#publisher,
      events,
      onDiverged: () => {
        events.diverged(name, "another message");
        this.#failing.abort();
      },
      onRemoved: () => {
        this.#outboxes.delete(id);
        lasts.delete(id);
      },
    });
  }
}
