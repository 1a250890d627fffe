import type { MessageSink } from "../../src/sources/messages.js";
import type { StreamIndex } from "../../src/sources/position.js";
import type { Message } from "./engine-log.js";

/** Keeps the messages that a cutter hands on. */
export class MessageLog implements MessageSink {
  /** False once a message that was promised to be ASCII held something else. */
  asciiPromisesKept = true;
  readonly messages: Message[] = [];

  message(ts: string, stream: StreamIndex, raw: string, ascii: boolean): void {
    if (ascii && /[\x80-\xff]/.test(raw)) this.asciiPromisesKept = false;
    this.messages.push({ ts, stream, payload: Buffer.from(raw, "latin1") });
  }

  /** One line of text a message: to be compared with `signatures` of what was sent. */
  signatures(): string[] {
    return signatures(this.messages);
  }

  texts(encoding: BufferEncoding = "utf8"): string[] {
    return this.messages.map(({ payload }) => payload.toString(encoding));
  }
}

/** Comparing texts is a hundred times faster than comparing buffers byte by byte, and as exact. */
export function signatures(messages: readonly Message[]): string[] {
  return messages.map(({ ts, stream, payload }) => `${ts} ${stream} ${payload.toString("latin1")}`);
}
