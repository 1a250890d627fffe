import { AckPolicy, DeliverPolicy, type JsMsg } from "@nats-io/jetstream";
import { nanos } from "@nats-io/transport-node";
import type { Nats } from "./connection.js";
import { HANDED_OUT } from "./message.js";
import { allSubjects, streamOf } from "./subjects.js";

/**
 * So many messages are asked for at once, of half a megabyte at most each. Not so many bytes: of those the client does not see that it has
 * them all, and waits.
 */
const FETCH_MESSAGES = 64;
const FETCH_MS = 3_000;
/** An answer so much later than asked for will not come. */
const LATE_MS = 3_000;
const WATCH_MS = 200;
/** The server forgets a consumer that nobody asks any more. */
const FORGOTTEN_MS = 60_000;

/** A message of the stream. */
export interface StreamMessage {
  readonly subject: string;
  readonly sequence: number;
  readonly data: Uint8Array;
  /** The server had it published, on somebody's request. */
  readonly isHandedOut: boolean;
  /** Empty when there is none of the name. */
  readonly header: (name: string) => string;
}

export interface SessionOptions {
  readonly nats: Nats;
  readonly prefix: string;
  readonly stopping: AbortSignal;
  /** The stream answers; `messages`: how many it holds. */
  readonly onBegin: (stream: string, messages: number) => void;
  /** All that the stream holds was taken. */
  readonly onIdle: () => void;
  /** Takes a message; a promise means: wait for it. `again`: the stream has to be read anew from its beginning. */
  readonly take: (message: StreamMessage) => Promise<void> | "again" | undefined;
}

/**
 * Reads the stream from its first message until something may have changed that was read already: the connection was lost, a message
 * was left out, the stream's end went back. Resolves with why; throws when NATS refuses.
 */
export async function readStream({
  nats,
  prefix,
  stopping,
  onBegin,
  onIdle,
  take,
}: SessionOptions): Promise<string> {
  const { manager, client } = nats;
  const stream = streamOf(prefix);
  const { state } = await manager.streams.info(stream);
  const { losses } = nats;
  const consumer = client.consumers.getConsumerFromInfo(
    await manager.consumers.add(stream, {
      ack_policy: AckPolicy.None,
      deliver_policy: DeliverPolicy.All,
      filter_subject: allSubjects(prefix),
      mem_storage: true,
      num_replicas: 1,
      inactive_threshold: nanos(FORGOTTEN_MS),
    }),
  );
  onBegin(stream, state.messages);
  let delivered = 0;
  let sequence = 0;
  while (!stopping.aborted) {
    const fetched = await consumer.fetch({ max_messages: FETCH_MESSAGES, expires: FETCH_MS });
    let heardMs = performance.now();
    const isOver = () =>
      stopping.aborted || nats.losses !== losses || performance.now() - heardMs > FETCH_MS + LATE_MS;
    // A request that was under way when the connection was lost is never answered, and the client waits for it.
    const watch = setInterval(() => isOver() && fetched.stop(), WATCH_MS);
    let count = 0;
    try {
      for await (const message of fetched) {
        count += 1;
        delivered += 1;
        if (message.info.deliverySequence !== delivered) return "a message was left out";
        sequence = message.seq;
        const taken = take(toStreamMessage(message));
        if (taken === "again") return "messages are missing";
        if (taken !== undefined) await taken;
        heardMs = performance.now();
        if (stopping.aborted) return "stopped";
      }
    } finally {
      clearInterval(watch);
      fetched.stop();
    }
    if (isOver()) return "the connection was lost";
    if (count > 0) continue;
    onIdle();
    if ((await manager.streams.info(stream)).state.last_seq < sequence) return "the stream's end went back";
  }
  return "stopped";
}

function toStreamMessage(message: JsMsg): StreamMessage {
  const { subject, seq: sequence, data, headers } = message;
  const isHandedOut = headers?.has(HANDED_OUT) ?? false;
  return { subject, sequence, data, isHandedOut, header: (name) => headers?.get(name) ?? "" };
}
