import {
  DiscardPolicy,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
  type StreamInfo,
} from "@nats-io/jetstream";
import { SidecarError } from "../../core/errors.js";
import type { Nats } from "./connection.js";
import { LEAST_PAYLOAD_BYTES } from "./message.js";
import { allSubjects, streamOf } from "./subjects.js";
import { isStreamAbsent, natsError } from "./trouble.js";

export interface StreamWish {
  readonly prefix: string;
  readonly maxBytes: number;
  /** On how many servers the stream is kept. */
  readonly replicas: number;
}

/** What is not as it must be: lines would be lost, or not be taken. */
export interface StreamFault {
  readonly what: string;
  readonly why: string;
}

type Checked = Pick<
  StreamConfig,
  | "subjects"
  | "retention"
  | "discard"
  | "storage"
  | "max_age"
  | "max_msgs"
  | "max_msgs_per_subject"
  | "allow_direct"
>;

/** What a stream for lines must be: it keeps what it has, refuses what it has no room for, and answers for each subject. */
function needed(prefix: string): Checked {
  return {
    subjects: [allSubjects(prefix)],
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.New,
    storage: StorageType.File,
    max_age: 0,
    max_msgs: -1,
    max_msgs_per_subject: -1,
    allow_direct: true,
  };
}

const WHY: Readonly<Record<keyof Checked, string>> = {
  subjects: "it does not take the lines of all hosts, or takes something else",
  retention: "messages leave it before they are stored",
  discard: "a full stream throws away what is not stored yet, instead of letting forwarders wait",
  storage: "what it holds is gone when the server is restarted",
  max_age: "messages leave it before they are stored when the consumer is away for longer",
  max_msgs: "it is full before its bytes are",
  max_msgs_per_subject: "it holds a part of a container's messages only",
  allow_direct: "a forwarder cannot ask for its last message",
};

/** What is wrong with a stream; empty when nothing is. */
export function faultsOf({ config }: StreamInfo, prefix: string): StreamFault[] {
  return Object.entries(needed(prefix)).flatMap(([key, value]) => {
    const name = key as keyof Checked;
    const is = config[name];
    if (String(is) === String(value)) return [];
    return [{ what: `${name} is ${String(is)} instead of ${String(value)}`, why: WHY[name] }];
  });
}

/**
 * The stream of a prefix; undefined when there is none.
 * @throws SidecarError NATS_STREAM without JetStream, NATS_FORBIDDEN
 */
export async function findStream(
  { manager, connection }: Nats,
  prefix: string,
): Promise<StreamInfo | undefined> {
  try {
    return await manager.streams.info(streamOf(prefix));
  } catch (cause) {
    if (cause instanceof JetStreamApiError && isStreamAbsent(cause)) return undefined;
    throw natsError([connection.getServer()], cause);
  }
}

/** @throws SidecarError NATS_STREAM when the server takes no messages that are large enough */
export function checkPayload({ connection }: Nats): void {
  const largest = connection.info?.max_payload ?? 0;
  if (largest >= LEAST_PAYLOAD_BYTES) return;
  throw new SidecarError("NATS_STREAM", `the server takes messages of ${largest} bytes at most`, {
    remedy: "Set its max_payload to 1MB, which is its default.",
  });
}

/** Makes the stream, or makes it as it must be. What it holds stays. */
export async function initStream(
  nats: Nats,
  { prefix, maxBytes, replicas }: StreamWish,
): Promise<"made" | "changed" | "kept"> {
  const { manager, connection } = nats;
  checkPayload(nats);
  const before = await findStream(nats, prefix);
  const wish = { ...needed(prefix), max_bytes: maxBytes, num_replicas: replicas };
  try {
    if (before === undefined) {
      await manager.streams.add({ name: streamOf(prefix), ...wish });
      return "made";
    }
    const { max_bytes: heldBytes, num_replicas: held } = before.config;
    if (faultsOf(before, prefix).length === 0 && heldBytes === maxBytes && held === replicas) return "kept";
    await manager.streams.update(streamOf(prefix), wish);
    return "changed";
  } catch (cause) {
    throw natsError([connection.getServer()], cause);
  }
}
