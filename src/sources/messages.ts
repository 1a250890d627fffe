import type { StreamIndex } from "./position.js";

/**
 * A message is what the engine stores for one write of up to this many bytes: a longer line is several of
 * this length and a last one that is shorter (moby: daemon/logger/copier.go, defaultBufSize). Under json-file they
 * may come back longer: a cut goes through a letter beyond ASCII, and each byte that is not UTF-8 is stored as
 * the three of U+FFFD. So a piece that is not the last has at least this length, and no line end.
 */
export const PIECE_BYTES = 16_384;

/**
 * Takes messages. `raw` is the text, one character a byte (latin1), its line end included;
 * `ascii` promises that all of them are below 0x80, `traits` says what else is known of it.
 */
export interface MessageSink {
  message(ts: string, stream: StreamIndex, raw: string, ascii: boolean, traits?: MessageTraits): void;
}

export interface MessageTraits {
  /** Whether its line goes on, where the log says so; else pieces are known by their length, and share a time. */
  readonly piece?: boolean | undefined;
  /** It was looked at, and no trace of a secret was seen in it. */
  readonly clear?: boolean | undefined;
}

/** Of a message that was looked at for secrets. */
export const CLEAR: MessageTraits = { clear: true };
