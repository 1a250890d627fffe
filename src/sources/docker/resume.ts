import { nsToSince, nsToTime, timeToNs } from "../../core/time.js";
import { PIECE_BYTES } from "../messages.js";
import { type Position, type StreamIndex, startPosition } from "../position.js";
import { OUT_OF_ORDER_NS, Skipping } from "../skipping.js";

/** How many messages are looked through for the place, at first. */
export const TAIL_MESSAGES = 2_000;

/** What to do with a message that a resumed reading brings; `known` stands before the place, `ahead` behind it and was taken all the same. */
export type Verdict = "known" | "ahead" | "new" | "lost";

/** How the place is looked for, from cheap to thorough. */
export type SeekBy = "place" | "tail" | "anchor" | "last" | "time" | "nothing";

export interface Seek {
  readonly by: SeekBy;
  /** How far back to look when `by` is `tail`. */
  readonly tailMessages: number;
}

/** A tail is widened by this much each time, up to the most; an engine finds the beginning of a tail from behind. */
const WIDER = 8;
const WIDEST_TAIL = 1_000_000;

/** The next more thorough way when one has failed. */
export function nextSeek({ by, tailMessages }: Seek): Seek {
  if (by === "tail" && tailMessages < WIDEST_TAIL)
    return { by, tailMessages: Math.max(1, tailMessages) * WIDER };
  const next = {
    place: "anchor",
    tail: "anchor",
    anchor: "last",
    last: "time",
    time: "nothing",
    nothing: "nothing",
  } as const;
  return { by: next[by], tailMessages };
}

/** A tail that is most of the log is no cheaper than all of it, and can be in vain. */
export function bounded({ by, tailMessages }: Seek, wholeMessages: number): Seek {
  return { by: by === "tail" && tailMessages > wholeMessages / 4 ? "anchor" : by, tailMessages };
}

/** Where the old anchor is gone, a new one is found among the messages that the engine still holds. */
export function placeToBegin(position: Position, { by }: Seek): Position {
  return by === "last" ? { ...startPosition(""), forms: position.forms } : position;
}

/**
 * Finds a position again in a stream of messages and tells new ones from known ones.
 *
 * - `place`: what comes begins at the position: it was found in the engine's file.
 * - `tail`: reads the last few thousand messages, which costs the engine next to nothing; a message later than the
 *   anchor before the anchor itself was seen means that the anchor lies further back.
 * - `anchor`: reads the whole log. No message before the anchor is as late as it, so when the log begins with a later one, the
 *   anchor is gone, and so is all up to the place: what the engine holds is new, but for what is left of `ahead`. Otherwise only the log's end proves that it is gone.
 * - `last`: engines remove the oldest first, so all that is left lies behind the anchor; the message that was
 *   taken last tells how much of it is known.
 * - `time`: the message is there no more, but its time is: the engine has shown another message there than its log holds, as one does whose
 *   reader of the `local` driver comes out of step. What is up to that time is known, and a gap is told, as nobody can say more.
 * - `nothing`: even that is gone: all that the engine holds is new.
 *
 * `since` is not asked for: engines up to 20.10 test every message against it, and would leave out those that a
 * clock stamped after it was set back. A tail counts messages, whatever their times.
 */
export class Resume {
  /** Known messages still to come from each stream once the place was found. */
  readonly skipping: Skipping;
  /** The place was found (or there was none to find): what comes is new, but for `skipping`. */
  found: boolean;
  /** The engine no longer holds the place: what comes is all that is left. */
  gone: boolean;
  readonly #position: Position;
  readonly #by: SeekBy;
  readonly #tailMessages: number;
  #left: number;
  #seen = 0;
  readonly #olderThan: string;
  #older = false;
  /** By `time`: what comes is still known. */
  #isKnownByTime: boolean;
  #goneTold = false;

  constructor(position: Position, { by, tailMessages }: Seek) {
    this.#position = position;
    this.#by = by;
    this.#tailMessages = tailMessages;
    this.gone = by === "nothing";
    this.#isKnownByTime = by === "time";
    this.skipping = new Skipping(position);
    if (this.gone) this.skipping.someAreGone();
    const begins = position.taken === 0;
    this.found = this.gone || (begins ? position.begins === undefined : by === "place");
    this.#left = position.taken;
    this.#olderThan = position.anchor === "" ? "" : nsToTime(timeToNs(position.anchor) - OUT_OF_ORDER_NS);
  }

  /** Nothing is left to find or to leave out: messages need not be shown to `judge` any more. */
  get done(): boolean {
    return this.found && this.skipping.none && !this.#isKnownByTime;
  }

  /** Engine time of what stands at the place, for one that is gone. */
  get placeTs(): string {
    const { last, anchor, begins = "" } = this.#position;
    return last[0] || anchor || begins;
  }

  /** True once, when the place is gone: then nothing that comes stands before it. */
  turnsGone(): boolean {
    if (!this.gone || this.#goneTold) return false;
    this.#goneTold = true;
    return true;
  }

  /** The whole log has come. Returns whether less is to be left out than was thought. */
  allCame(): boolean {
    return this.found && (!this.gone || this.#goneTold) && this.skipping.allCame();
  }

  /** The part of the log to ask the engine for. */
  range(): { readonly since?: string; readonly tail?: number } {
    const { taken, floor } = this.#position;
    if (taken === 0) return floor === "" ? {} : { since: nsToSince(timeToNs(floor)) };
    if (this.#by === "tail") return { tail: this.#tailCount() };
    return {};
  }

  judge(ts: string, stream: StreamIndex, raw: string): Verdict {
    if (!this.found && this.#position.taken === 0) this.#begin(ts);
    if (this.#isKnownByTime && this.#comesUpToPlace(ts)) return "known";
    if (this.found) return this.#behind(ts, stream);
    const [lastTs, lastStream, lastBytes] = this.#position.last;
    const isLast = ts === lastTs && stream === lastStream && isAsLong(raw, lastBytes);
    if (this.#by === "last") {
      this.found = isLast;
      return "known";
    }
    this.#seen += 1;
    if (this.#left === this.#position.taken) {
      const verdict = this.#beforeAnchor(ts, stream);
      if (verdict !== undefined) return verdict;
    }
    this.#left -= 1;
    if (this.#left > 0) return "known";
    this.found = isLast;
    return isLast ? "known" : "lost";
  }

  /** Up to the anchor, all with its time, and as many of those that the other stream printed a little earlier as were taken. */
  #comesUpToPlace(ts: string): boolean {
    const { anchor } = this.#position;
    if (!this.found && ts !== anchor) return true;
    this.found = true;
    this.#left -= 1;
    if (ts === anchor || (ts < anchor && this.#left >= 0)) return true;
    this.#isKnownByTime = false;
    this.#placeIsGone();
    return false;
  }

  #behind(ts: string, stream: StreamIndex): Verdict {
    return this.skipping.leavesOut(ts, stream) ? "ahead" : "new";
  }

  /** Undefined for the anchor itself. */
  #beforeAnchor(ts: string, stream: StreamIndex): Verdict | undefined {
    const { anchor } = this.#position;
    if (this.#by === "anchor") {
      if (this.#seen === 1 && ts > anchor && this.#position.floor === "") {
        this.#placeIsGone();
        return this.#behind(ts, stream);
      }
      return ts === anchor ? undefined : "known";
    }
    if (ts > anchor) return "lost";
    // The tail may begin behind the anchor, among messages that share its time: something older must stand before it.
    if (ts === anchor) return this.#older ? undefined : "lost";
    this.#older ||= ts < this.#olderThan;
    // Those that the engine held when it was asked have all come: what comes now is new.
    return this.#seen > this.#tailCount() ? "lost" : "known";
  }

  /** The log's first message, where the place is before it. */
  #begin(ts: string): void {
    if (ts === this.#position.begins) this.found = true;
    else this.#placeIsGone();
  }

  #placeIsGone(): void {
    this.found = true;
    this.gone = true;
    this.skipping.someAreGone();
  }

  #tailCount(): number {
    const { taken, ahead } = this.#position;
    return taken + ahead[0] + ahead[1] + this.#tailMessages;
  }
}

/**
 * Under `local` the last piece of a long line ends with a newline on newer engines and with none up to 20.10, whichever of the two
 * stored it: after an upgrade, or the way back, the same message has one byte more or less.
 */
function isAsLong(raw: string, bytes: number): boolean {
  if (raw.length === bytes) return true;
  const withoutNewline = raw.endsWith("\n") ? raw.length - 1 : raw.length;
  return withoutNewline < PIECE_BYTES && (withoutNewline === bytes || withoutNewline === bytes - 1);
}
