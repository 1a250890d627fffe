import type { Position } from "../position.js";
import type { Sight } from "./sight.js";
import type { Held, Splice } from "./splice.js";
import type { FollowWatch } from "./trust.js";

/** What the stream brings may be behind the log by what it takes to bring all that waits for it. */
const STREAM_MS = 30_000;

interface OlderOptions {
  readonly splice: Splice;
  readonly watch: FollowWatch;
  /** What was seen of the first message that waits. */
  readonly sight: Sight;
  readonly take: (message: Held) => void;
  /** Messages before one of that engine time can no longer be had. */
  readonly lost: (ts: string) => void;
  readonly resent: () => void;
  /** Behind the message that was taken last. */
  readonly place: () => Position;
  /** Hands on what was taken; a promise means: wait. */
  readonly deliver: () => Promise<void> | undefined;
  readonly given: () => boolean;
}

/**
 * The log no longer holds the doubtful place: what the stream has brought, and has on its way, and the log has no more is all that there is, and
 * nobody can say any more that nothing is missing where something may be. It is taken piece by piece: seconds of a fast container are too much to be
 * held, and to be taken without a pause.
 */
export class Older {
  /** Something may be missing. */
  missed = false;
  readonly #options: OlderOptions;
  #first: Sight | undefined;
  /** The stream sends again what was taken too long ago to be remembered, and has not come back to the newest yet. */
  #back = false;

  constructor(options: OlderOptions) {
    this.#options = options;
    this.#first = options.sight;
  }

  /** Takes all that is older than the first message that the log still holds. */
  async takeBefore(oldest: Pick<Held, "ts" | "stream" | "raw">): Promise<void> {
    const { splice, place, deliver, given } = this.#options;
    const untilMs = Date.now() + STREAM_MS;
    for (let more = true; more; ) {
      more = await splice.comesTo(oldest.ts, untilMs, given);
      const { older, next } = splice.takeBefore(oldest);
      for (const message of older) this.#take(message);
      splice.pass(older, place().anchor);
      // What is left is not older, though the streams may stand out of order.
      more &&= splice.waiting === 0;
      if (!more) this.#end(oldest.ts, next);
      await deliver();
    }
  }

  #take(message: Held): void {
    const { resent, take } = this.#options;
    const sight = this.#see(message);
    if (sight === "known" || sight === "alike" || sight === "time-went-back") {
      this.#back = sight === "time-went-back";
      resent();
      return;
    }
    if (this.#back || sight !== "new") this.#lost(message.ts);
    this.#back = false;
    take(message);
  }

  #end(oldestTs: string, next: Held | undefined): void {
    const last = this.#first ?? (next && this.#see(next));
    if (this.#back || last !== "new") this.#lost(oldestTs);
  }

  #see({ ts, stream, raw, arrivedMs }: Held): Sight {
    const first = this.#first;
    this.#first = undefined;
    return first ?? this.#options.watch.see(ts, stream, raw, arrivedMs);
  }

  #lost(ts: string): void {
    this.missed = true;
    this.#options.watch.passedOver(ts);
    this.#options.lost(ts);
  }
}
