import { createHash } from "node:crypto";
import type { LineBatch } from "../../core/source.js";
import type { Ahead } from "./ahead.js";
import type { LineNumbers } from "./numbers.js";

/** The version of the format that this program writes, and the newest that it reads. */
export const FORMAT = 1;

/** A batch is sent in messages of at most so many bytes of compressed lines. */
export const MESSAGE_BYTES = 512 * 1024;
/** A server that takes less at once is of no use: lines would be cut that are none too long. */
export const LEAST_PAYLOAD_BYTES = MESSAGE_BYTES / 4;
/** What a message may grow to when it is unpacked. */
export const UNPACKED_BYTES = 8 * 1024 * 1024;

/**
 * Names of the headers. They are all that a forwarder has to read of its last message to know where to go on, and all that a consumer has
 * to read of one that it has stored already.
 */
export const HEADERS = {
  format: "Log-Sidecar-Format",
  /** The place before: epoch, counts. Absent in the first message of a container. */
  before: "Log-Sidecar-Before",
  after: "Log-Sidecar-After",
  /** Where the source goes on, JSON of one line in ASCII. */
  position: "Log-Sidecar-Position",
  /** Printed lines behind that position that were sent already: stdout, stderr. */
  ahead: "Log-Sidecar-Ahead",
  /** The last of these, JSON of two ends; absent where there are none. */
  aheadTo: "Log-Sidecar-Ahead-To",
  state: "Log-Sidecar-State",
  container: "Log-Sidecar-Container",
  /** `hashOf`: tells a message of a container from all others. */
  hash: "Log-Sidecar-Hash",
} as const;

/**
 * A server adds it to a message that it hands out of a stream, and sends that to whatever subject it is told to: so a user could have
 * a message of its own published where it may not publish itself (nats-server: server/stream.go, getDirectRequest).
 */
export const HANDED_OUT = "Nats-Subject";

/** SHA-256 of the place behind a message, as its header has it, and its data. No two messages of a container have the same place. */
export function hashOf(after: string, data: Uint8Array): string {
  return createHash("sha256").update(after).update(data).digest("hex");
}

/** What the headers of a message say. */
export interface MessageHead {
  readonly before: LineNumbers | undefined;
  readonly after: LineNumbers;
  readonly position: unknown;
  readonly ahead: Ahead;
  readonly state: LineBatch["state"];
  readonly hash: string;
}

/** A batch on its way: what is sent of it, and the places between which it lies. */
export type SentBatch = Pick<LineBatch, "container" | "lines" | "bytes" | "gap"> & Omit<MessageHead, "hash">;

/** A message as it is published. */
export interface Message {
  readonly headers: ReadonlyMap<string, string>;
  readonly data: Uint8Array;
}
