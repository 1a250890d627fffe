import { nsToSince, timeToNs } from "../../core/time.js";
import type { Position, StreamIndex } from "../position.js";

/**
 * Engines up to 20.10 test every message against `since`, newer ones only look for the first: asking for a
 * little earlier than needed and leaving out what is known works on both. It also covers a clock that was set
 * back by less than this while nobody was reading.
 */
const SLACK_NS = 60_000_000_000n;

/** How many messages are looked through for the place, at first, before the engine is asked to search its files. */
export const TAIL_MESSAGES = 2_000;

/** What to do with a message that a resumed reading brings. */
export type Verdict = "known" | "new" | "lost";

/** How the place is looked for, from cheap to thorough. */
export type SeekBy = "tail" | "anchor" | "anchor-anywhere" | "last" | "nothing";

/** The next more thorough way when one has failed. */
export const NEXT_SEEK: Readonly<Record<SeekBy, SeekBy>> = {
  tail: "anchor",
  anchor: "anchor-anywhere",
  "anchor-anywhere": "last",
  last: "nothing",
  nothing: "nothing",
};

/**
 * Finds a position again in a stream of messages and tells new ones from known ones.
 *
 * - `tail`: reads the last few thousand messages, which costs the engine next to nothing.
 * - `anchor`: reads from shortly before; a message later than the anchor before the anchor itself was seen
 *   means that the anchor is gone, or that the clock was set back in between.
 * - `anchor-anywhere`: reads the whole log, so that only the log's end proves that the anchor is gone.
 * - `last`: engines remove the oldest first, so all that is left lies behind the anchor; the message that was
 *   taken last tells how much of it is known.
 * - `nothing`: even that is gone: all that the engine holds is new.
 */
export class Resume {
  /** Known messages still to come from each stream once the place was found. */
  readonly skipping: [number, number];
  /** The place was found (or there was none to find): what comes is new, but for `skipping`. */
  found: boolean;
  readonly #position: Position;
  readonly #by: SeekBy;
  readonly #tailMessages: number;
  #left: number;

  constructor(position: Position, by: SeekBy, tailMessages = TAIL_MESSAGES) {
    this.#position = position;
    this.#by = by;
    this.#tailMessages = tailMessages;
    this.found = position.taken === 0 || by === "nothing";
    this.skipping = by === "nothing" ? [0, 0] : [...position.ahead];
    this.#left = position.taken;
  }

  /** Nothing is left to find or to leave out: messages need not be shown to `judge` any more. */
  get done(): boolean {
    return this.found && this.skipping[0] === 0 && this.skipping[1] === 0;
  }

  /** The part of the log to ask the engine for. */
  range(): { readonly since?: string; readonly tail?: number } {
    const { taken, floor, ahead } = this.#position;
    if (taken === 0) return floor === "" ? {} : { since: nsToSince(timeToNs(floor)) };
    if (this.#by === "tail") return { tail: taken + ahead[0] + ahead[1] + this.#tailMessages };
    return this.#by === "anchor" ? { since: nsToSince(timeToNs(floor) - SLACK_NS) } : {};
  }

  judge(ts: string, stream: StreamIndex, bytes: number): Verdict {
    if (this.found) {
      if (this.skipping[stream] === 0) return "new";
      this.skipping[stream] -= 1;
      return "known";
    }
    if (this.#by === "last") {
      const [lastTs, lastStream, lastBytes] = this.#position.last;
      this.found = ts === lastTs && stream === lastStream && bytes === lastBytes;
      return "known";
    }
    if (this.#left === this.#position.taken && ts !== this.#position.anchor) {
      return this.#by !== "anchor-anywhere" && ts > this.#position.anchor ? "lost" : "known";
    }
    this.#left -= 1;
    this.found = this.#left === 0;
    return "known";
  }
}
