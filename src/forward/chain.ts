import type { LineBatch } from "../core/source.js";
import { type Ahead, NOTHING_AHEAD, takeAhead } from "../sources/nats/ahead.js";
import { type Encoded, encodeBatch } from "../sources/nats/encode.js";
import { type LineNumbers, numbersAfter } from "../sources/nats/numbers.js";
import type { Last } from "./chains.js";
import type { Link } from "./publisher.js";

/** The messages of one container, each of which goes on where the one before it ended. */
export class Chain {
  link: Link | undefined;
  #numbers: LineNumbers | undefined;
  /** Where the source is before the next batch, and how many lines behind that were sent. */
  #position: unknown;
  #ahead: Ahead;
  #state: LineBatch["state"] = "open";
  readonly #limitBytes: number;

  /** `start`: where the source begins in a container of which the stream has nothing. */
  constructor(last: Last | undefined, start: unknown, limitBytes: number) {
    this.#limitBytes = limitBytes;
    const { head } = last ?? {};
    this.link = last && { sequence: last.sequence, hash: head?.hash };
    this.#numbers = head?.after;
    this.#position = head?.position ?? start;
    this.#ahead = head?.ahead ?? NOTHING_AHEAD;
    this.#state = head?.state ?? "open";
  }

  /** The messages for a batch; none when all of it was sent before. */
  encode(batch: LineBatch): Encoded[] {
    const { container, gap, position, state } = batch;
    const { unsent: lines, left } = takeAhead(this.#ahead, batch);
    const from = { position: this.#position, ahead: this.#ahead };
    this.#position = position;
    this.#ahead = left;
    if (lines.length === 0 && gap === undefined && (state === this.#state || state === "open")) return [];
    this.#state = state;
    const before = this.#numbers;
    this.#numbers = numbersAfter(before, { lines, gap });
    const after = this.#numbers;
    const { bytes } = batch;
    const sent = { container, lines, bytes, gap, before, after, position, ahead: left, state };
    return encodeBatch(sent, from, this.#limitBytes);
  }
}

/** One batch of two that follow each other; undefined where they have to stay two. */
export function joinBatches(one: LineBatch, next: LineBatch, mostBytes: number): LineBatch | undefined {
  if (next.gap !== undefined || one.state === "removed" || one.bytes + next.bytes > mostBytes)
    return undefined;
  return { ...next, gap: one.gap, lines: [...one.lines, ...next.lines], bytes: one.bytes + next.bytes };
}
