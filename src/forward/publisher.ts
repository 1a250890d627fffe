import { headers as natsHeaders } from "@nats-io/transport-node";
import { Backoff } from "../core/backoff.js";
import { ANSWER_MS, type Nats, pause, unlessLost, untilConnected } from "../sources/nats/connection.js";
import { HEADERS, type Message } from "../sources/nats/message.js";
import { streamOf } from "../sources/nats/subjects.js";
import { isUnclear, isWrongSequence, natsError } from "../sources/nats/trouble.js";
import type { NatsEvents } from "../telemetry/nats-events.js";
import { type Last, lastOf } from "./chains.js";
import { pass } from "./fault-points.js";

/** A cluster that elects a leader does not answer, for some seconds: it is asked so often, as a line should not wait much longer than that. */
const UNCLEAR_MS = 1_000;

/** The message that the next one of the subject has to follow. */
export interface Link {
  readonly sequence: number;
  /** Undefined when it is no batch of lines. */
  readonly hash: string | undefined;
}

interface PublisherOptions {
  readonly nats: Nats;
  readonly prefix: string;
  readonly events: NatsEvents;
  readonly stopping: AbortSignal;
}

/** Publishes a message until the stream has it, once. */
export class Publisher {
  readonly #options: PublisherOptions;

  /** How often the connection had been lost when publishing began. */
  readonly #losses: number;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#losses = options.nats.losses;
  }

  /**
   * Resolves to the message's own link; to `diverged` when another message stands where this one should; to undefined when `stopping`
   * came first. An answer that does not come, or that another message was expected, is cleared up by the subject's last message.
   */
  async publish(
    subject: string,
    message: Message,
    before: Link | undefined,
  ): Promise<Link | "diverged" | undefined> {
    const { nats, events, stopping } = this.#options;
    const hash = message.headers.get(HEADERS.hash)!;
    const refused = new Backoff();
    const unclear = new Backoff(UNCLEAR_MS);
    let expected = before?.sequence ?? 0;
    while (!stopping.aborted) {
      await untilConnected(nats, stopping);
      if (stopping.aborted) break;
      try {
        pass("forward:publishing");
        const sent = this.#send(subject, message, expected);
        pass("forward:sent");
        const sequence = await sent;
        pass("forward:answered");
        return { sequence, hash };
      } catch (cause) {
        if (stopping.aborted) return undefined;
        if (!isWrongSequence(cause))
          events.troubled(natsError([nats.connection.getServer()], cause), subject);
        if (isWrongSequence(cause) || isUnclear(cause)) {
          const last = await this.#look(subject);
          if (last === "unknown") return undefined;
          if (last?.head?.hash === hash) return { sequence: last.sequence, hash };
          if (last?.head?.hash !== before?.hash && !this.#isBetween(last)) return "diverged";
          expected = last?.sequence ?? 0;
        }
        await pause((isUnclear(cause) ? unclear : refused).next(), stopping);
      }
    }
    return undefined;
  }

  /** Somebody else's message, behind those that were sent: no server went away that could have lost them. */
  #isBetween(last: Last | undefined): boolean {
    return last !== undefined && last.head === undefined && this.#options.nats.losses === this.#losses;
  }

  async #send(subject: string, { headers, data }: Message, lastSubjectSequence: number): Promise<number> {
    const { nats, prefix } = this.#options;
    const all = natsHeaders();
    for (const [name, value] of headers) all.set(name, value);
    const published = nats.client.publish(subject, data, {
      headers: all,
      timeout: ANSWER_MS,
      expect: { lastSubjectSequence, streamName: streamOf(prefix) },
    });
    const { seq } = await unlessLost(nats, published);
    return seq;
  }

  /** The subject's last message, asked for until there is an answer; `unknown` when `stopping` came first. */
  async #look(subject: string): Promise<Last | undefined | "unknown"> {
    const { nats, prefix, events, stopping } = this.#options;
    const backoff = new Backoff(UNCLEAR_MS);
    while (!stopping.aborted) {
      await untilConnected(nats, stopping);
      try {
        return await lastOf(nats, { stream: streamOf(prefix), subject, onForeign: events.messageRefused });
      } catch (cause) {
        events.troubled(natsError([nats.connection.getServer()], cause), subject);
      }
      await pause(backoff.next(), stopping);
    }
    return "unknown";
  }
}
