import type { NatsEvents } from "../../telemetry/nats-events.js";
import type { Nats } from "./connection.js";
import { HEADERS } from "./message.js";
import type { LineNumbers } from "./numbers.js";
import { isOlder, type Progress } from "./progress.js";
import { streamOf } from "./subjects.js";
import { natsError } from "./trouble.js";

/** A message that the session has seen. */
export interface SeenMessage {
  /** Of the container, with its host. */
  readonly id: string;
  readonly subject: string;
  readonly sequence: number;
  readonly hash: string;
  readonly after: LineNumbers;
  /** Nothing more will come. */
  readonly isRemoved: boolean;
}

interface PurgerOptions {
  /** What was handed to the store of a container. */
  readonly progressOf: (id: string) => Progress | undefined;
  readonly commits: () => number;
  readonly events: NatsEvents;
  /** The stream has no message of a container any more, which is gone. */
  readonly onGone: (id: string) => void;
}

/**
 * So many commits later what was with the store is in the checkpoint and in the one before it, to which a start goes back when the
 * newer one is broken: one may have begun before, and two must have ended since.
 */
const COMMITS = 3;

/** Takes out of the stream what is stored durably, but for the last message of each subject: from it the forwarder knows where to go on. */
export class Purger {
  readonly #options: PurgerOptions;
  /** Of each subject the newest, and an older one: that is with the store already when the newest never is. */
  #seen = new Map<string, { readonly newest: SeenMessage; readonly older: SeenMessage }>();
  #waiting: { readonly messages: readonly SeenMessage[]; readonly commits: number } | undefined;
  #running = false;

  constructor(options: PurgerOptions) {
    this.#options = options;
  }

  note(message: SeenMessage): void {
    const older = this.#seen.get(message.subject)?.older ?? message;
    this.#seen.set(message.subject, { newest: message, older });
  }

  /** Sequences mean nothing any more: the stream is read anew. */
  forget(): void {
    this.#seen = new Map();
    this.#waiting = undefined;
  }

  /** Does what is due. Never rejects. */
  purge(nats: Nats, prefix: string): void {
    const { commits, events } = this.#options;
    if (this.#running) return;
    if (this.#waiting === undefined) {
      const messages = this.#takeStored();
      if (messages.length > 0) this.#waiting = { messages, commits: commits() };
      return;
    }
    if (commits() < this.#waiting.commits + COMMITS) return;
    const { messages } = this.#waiting;
    this.#waiting = undefined;
    this.#running = true;
    this.#purgeAll(nats, streamOf(prefix), messages)
      .catch((cause: unknown) => events.purgeFailed(natsError([nats.connection.getServer()], cause)))
      .finally(() => {
        this.#running = false;
      });
  }

  #takeStored(): SeenMessage[] {
    const { progressOf } = this.#options;
    const stored: SeenMessage[] = [];
    for (const [subject, { newest, older }] of this.#seen) {
      const found = [newest, older].find((seen) => isOlder(progressOf(seen.id), seen));
      if (found !== undefined) stored.push(found);
      if (found === newest) this.#seen.delete(subject);
      else this.#seen.set(subject, { newest, older: newest });
    }
    return stored;
  }

  async #purgeAll({ manager }: Nats, stream: string, messages: readonly SeenMessage[]): Promise<void> {
    for (const { id, subject, sequence, hash, isRemoved } of messages) {
      // A stream that lost its end gives its numbers again: what has this one must be what was stored.
      const found = await manager.streams.getMessage(stream, { seq: sequence });
      if (found?.subject !== subject || found.header.get(HEADERS.hash) !== hash) continue;
      const { purged } = await manager.streams.purge(stream, {
        filter: subject,
        seq: isRemoved ? sequence + 1 : sequence,
      });
      if (purged > 0) this.#options.events.purged(purged);
      if (isRemoved) this.#options.onGone(id);
    }
  }
}
