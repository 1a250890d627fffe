import type { StreamIndex } from "./position.js";

/**
 * A message is what the engine stores for one write of up to this many bytes: a longer line is several of exactly
 * this length and a last one that is shorter (moby: daemon/logger/copier.go, defaultBufSize).
 */
export const PIECE_BYTES = 16_384;

/**
 * Takes messages. `raw` is the text, one character a byte (latin1), its line end included;
 * `ascii` promises that all of them are below 0x80.
 */
export interface MessageSink {
  message(ts: string, stream: StreamIndex, raw: string, ascii: boolean): void;
}
