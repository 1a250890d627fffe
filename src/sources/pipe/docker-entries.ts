import { isAscii } from "node:buffer";
import type { MessageSink, MessageTraits } from "../messages.js";
import type { StreamIndex } from "../position.js";

/** How each entry begins: the encoder writes its fields in this order (moby, daemon/logger/jsonfilelog/jsonlog). */
const BEGINNING = '{"log":"';
const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/;

/**
 * Unwraps the entries of Docker's json-file logs (`{"log":"…\n","stream":"stdout","time":"…"}`) that are fed through a pipe,
 * before lines are joined: with the engine's time and stream, which a pipe does not know. An entry that holds a part of a
 * long line ends without a newline, as the engine's own messages do. All else is handed on as it is.
 */
export class DockerEntries implements MessageSink {
  readonly #sink: MessageSink;

  constructor(sink: MessageSink) {
    this.#sink = sink;
  }

  message(ts: string, stream: StreamIndex, raw: string, ascii: boolean, traits?: MessageTraits): void {
    const entry = raw.startsWith(BEGINNING) ? readEntry(raw, ascii) : undefined;
    if (entry === undefined) this.#sink.message(ts, stream, raw, ascii, traits);
    else this.#sink.message(entry.ts, entry.stream, entry.raw, isAscii(Buffer.from(entry.raw, "latin1")));
  }
}

interface Entry {
  readonly ts: string;
  readonly stream: StreamIndex;
  readonly raw: string;
}

function readEntry(raw: string, ascii: boolean): Entry | undefined {
  const { log, stream, time } = parse(ascii ? raw : Buffer.from(raw, "latin1").toString());
  if (typeof log !== "string" || typeof time !== "string") return undefined;
  if (stream !== "stdout" && stream !== "stderr") return undefined;
  const parts = TIME.exec(time);
  if (parts === null) return undefined;
  // The engine leaves zeros at the end of the fraction out.
  const ts = `${parts[1]}.${(parts[2] ?? "").padEnd(9, "0")}Z`;
  return { ts, stream: stream === "stdout" ? 0 : 1, raw: Buffer.from(log).toString("latin1") };
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    // A line that only begins like an entry.
    return {};
  }
}
