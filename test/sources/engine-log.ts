import { isUtf8 } from "node:buffer";
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

/** What the engine stores of a line, and how the driver gives it back. */
export function messagesOf(printed: Printed, driver: Driver): Message[] {
  const messages = cutMessages(printed, driver);
  return driver === "local"
    ? messages
    : messages.map((message) => ({ ...message, payload: asJson(message.payload) }));
}

/** json-file stores text: each byte that is no part of a UTF-8 character becomes the three of U+FFFD (Go's encoding/json). */
function asJson(bytes: Buffer): Buffer {
  if (isUtf8(bytes)) return bytes;
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = letterLength(bytes, at);
    if (length === 0) {
      parts.push(bytes.subarray(from, at), Buffer.from("\ufffd"));
      from = at + 1;
    }
    at += Math.max(1, length);
  }
  return Buffer.concat([...parts, bytes.subarray(from)]);
}

/** Bytes of the character at a place, or 0 where none is whole. */
function letterLength(bytes: Buffer, at: number): number {
  const lead = bytes[at]!;
  if (lead < 0x80) return 1;
  const length = lead >= 0xf8 || lead < 0xc2 ? 0 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  for (let next = 1; next < length; next += 1) if (((bytes[at + next] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

/** The copier reads up to 16,384 bytes: a longer line is several messages that share the first one's time. */
function cutMessages({ ts, stream, bytes, ended }: Printed, driver: Driver): Message[] {
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
