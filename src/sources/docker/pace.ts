import type { Position } from "../position.js";
import { bounded, type Seek, TAIL_MESSAGES } from "./resume.js";

/** Following that was doubted, or brought nothing, within this time is not tried again at once. */
const SHORT_FOLLOW_MS = 10_000;
const MAX_COOL_DOWN_MS = 1_000;
/** A container that prints much between a snapshot and following is looked for further back, up to this many messages. */
const MAX_TAIL_MESSAGES = 128_000;
/** What was read this close to now is followed again, … */
const CAUGHT_UP_MS = 1_000;
/** … and so is what another snapshot would come no closer to: where one takes nearly as long as the one before, the container prints as fast as it is read. */
const SHORTER_SHARE = 0.7;
/** A place is known by what stands before it, as long before it as messages can be out of order. */
const PLACE_MS = 20;

/** How the reading of one container has gone of late: how soon following is tried again, and how far back its place is looked for. */
export class Pace {
  /** So long following is not tried again. */
  coolDownMs = 0;
  #tailMessages = TAIL_MESSAGES;
  #messagesPerMs = 0;
  #behind = false;
  /** How long the last of the snapshots took that were read one after the other. */
  #snapshotMs = Number.POSITIVE_INFINITY;
  /** The whole log is no longer than the shortest tail: then it is read from its beginning. */
  #small = false;

  /** Following has ended; `behind`: because snapshots bring more, `lost`: because its place was not found. */
  followed(how: {
    readonly forMs: number;
    readonly doubted: boolean;
    readonly idle: boolean;
    readonly end: string;
    readonly messagesPerMs: number;
  }): void {
    const { forMs, doubted, idle, end, messagesPerMs } = how;
    this.#snapshotMs = Number.POSITIVE_INFINITY;
    this.#behind = end === "fell-behind" || end === "lost";
    this.#messagesPerMs = this.#behind ? messagesPerMs : 0;
    if (end === "lost") this.#tailMessages = Math.min(MAX_TAIL_MESSAGES, this.#tailMessages * 4);
    const again = (doubted || idle) && forMs < SHORT_FOLLOW_MS;
    this.coolDownMs = again ? Math.min(MAX_COOL_DOWN_MS, this.coolDownMs * 2 + 50) : 0;
  }

  /**
   * A snapshot was read: so many messages that lie between two engine times; `seenTs` is the last that came at all. Returns whether it is time to
   * follow.
   */
  caughtUp(how: {
    readonly taken: number;
    readonly fromTs: string;
    readonly toTs: string;
    readonly seenTs: string;
    readonly tookMs: number;
  }): boolean {
    const { taken, fromTs, toTs, seenTs, tookMs } = how;
    const spanMs = Date.parse(toTs) - Date.parse(fromTs);
    this.#messagesPerMs = taken / Math.max(1, spanMs || 0);
    // What has been missed is there now, and more may be coming.
    if (this.#behind && taken > 0) this.coolDownMs = 0;
    const isNoShorter = tookMs > this.#snapshotMs * SHORTER_SHARE;
    this.#snapshotMs = tookMs;
    const behindMs = seenTs === "" ? 0 : Date.now() - Date.parse(seenTs);
    return taken === 0 || behindMs < CAUGHT_UP_MS || tookMs < CAUGHT_UP_MS || isNoShorter;
  }

  /** So many messages came of a log that was read from its beginning. */
  logSeen(messages: number): void {
    this.#small = messages <= TAIL_MESSAGES;
  }

  /** How a position is looked for at first, in a log of at most so many messages. */
  firstSeek({ taken, last }: Position, wholeMessages: number): Seek {
    const tailMessages = this.#tailFor(last[0]);
    if (taken === 0 || this.#small) return { by: "anchor", tailMessages };
    return bounded({ by: "tail", tailMessages }, wholeMessages);
  }

  /** How many messages may stand behind the one of this engine time. */
  #tailFor(lastTs: string): number {
    const printed = this.#messagesPerMs * (Date.now() - Date.parse(lastTs) + PLACE_MS);
    return this.#tailMessages + Math.min(MAX_TAIL_MESSAGES, Math.ceil(printed) || 0);
  }
}
