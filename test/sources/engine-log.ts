import type { StreamIndex } from "../../src/sources/position.js";

/** A model of what the engine makes of what a container prints, as measured on real engines (json-file and `local`). */

export type Driver = "json-file" | "local";

const PIECE = 16_384;
const NEWLINE = Buffer.from("\n");

/** A line as the app printed it, without its line end. */
export interface Printed {
  readonly ts: string;
  readonly stream: StreamIndex;
  readonly bytes: Buffer;
  /** False for the last words of a container that exits without a newline. */
  readonly ended: boolean;
}

/** What the engine stores and sends as one. */
export interface Message {
  readonly ts: string;
  readonly stream: StreamIndex;
  readonly payload: Buffer;
}

/** The copier reads up to 16,384 bytes: a longer line is several messages that share the first one's time. */
export function messagesOf({ ts, stream, bytes, ended }: Printed, driver: Driver): Message[] {
  const whole = ended ? bytes.length + 1 : bytes.length;
  if (whole <= PIECE) return [{ ts, stream, payload: ended ? Buffer.concat([bytes, NEWLINE]) : bytes }];
  const messages: Message[] = [];
  let from = 0;
  for (; bytes.length - from >= PIECE; from += PIECE) {
    messages.push({ ts, stream, payload: bytes.subarray(from, from + PIECE) });
  }
  const rest = bytes.subarray(from);
  if (ended && driver === "json-file") messages.push({ ts, stream, payload: Buffer.concat([rest, NEWLINE]) });
  else if (ended || rest.length > 0) messages.push({ ts, stream, payload: rest });
  return messages;
}

export function frame({ ts, stream, payload }: Message): Buffer {
  const head = Buffer.alloc(8);
  head[0] = stream + 1;
  head.writeUInt32BE(payload.length + ts.length + 1, 4);
  return Buffer.concat([head, Buffer.from(`${ts} `), payload]);
}

/** With a TTY a message is only its time and its text. */
export function ttyText({ ts, payload }: Message): Buffer {
  return Buffer.concat([Buffer.from(`${ts} `), payload]);
}

/** One HTTP chunk (RFC 9112, section 7.1). */
export function chunk(bytes: Buffer, extension = ""): Buffer {
  return Buffer.concat([
    Buffer.from(`${bytes.length.toString(16)}${extension}\r\n`),
    bytes,
    Buffer.from("\r\n"),
  ]);
}

/** The same bytes in pieces that end where `borders` says, each counted from the border before it. */
export function cutAt(bytes: Buffer, borders: readonly number[]): Buffer[] {
  const parts: Buffer[] = [];
  let from = 0;
  for (const border of borders) {
    if (from >= bytes.length) break;
    parts.push(Buffer.from(bytes.subarray(from, from + border)));
    from += border;
  }
  if (from < bytes.length) parts.push(Buffer.from(bytes.subarray(from)));
  return parts;
}

/** The text that a line should have once it was read: bytes that are not UTF-8 replaced, a carriage return at the end left out. */
export function textOf(bytes: Buffer): string {
  return (bytes.at(-1) === 13 ? bytes.subarray(0, -1) : bytes).toString("utf8");
}
