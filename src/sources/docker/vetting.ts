import { setTimeout as sleep } from "node:timers/promises";
import type { Position, StreamIndex } from "../position.js";
import type { EngineAddress } from "./engine.js";
import { LookPace } from "./look-pace.js";
import { Older } from "./older.js";
import type { Doubt, Sight } from "./sight.js";
import { readBehind } from "./snapshot.js";
import { type Held, Splice } from "./splice.js";
import type { StaleCopies } from "./stale-copies.js";
import type { FollowWatch } from "./trust.js";

/** A stream that has not come to the end of a snapshot so long after it was read hangs. */
const JOIN_MS = 2_000;

/** To find the message before the doubtful place, the log is looked at from so far before it; the engine gets to it so much later. */
const MARGIN_MS = 20;
const MARGIN_MESSAGES = 50;

export interface VettingOptions {
  readonly address: EngineAddress;
  readonly id: string;
  readonly tty: boolean;
  readonly watch: FollowWatch;
  /** What becomes of the messages. */
  readonly host: VettingHost;
  /** About how many messages the log holds at most. */
  readonly wholeMessages: number;
  /** Present where a snapshot may show what the log no longer is. */
  readonly stale: StaleCopies | undefined;
  /** The engine has sent a message again. */
  readonly resent: () => void;
  /** The log was looked at; `missed` says that the stream had left messages out. */
  readonly looked: (missed: boolean) => void;
}

/** The reading that messages belong to. */
export interface VettingHost {
  take(ts: string, stream: StreamIndex, raw: string, ascii: boolean): void;
  /** Behind the message that was taken last. */
  place(): Position;
  /** What follows is all that is left: messages before it can no longer be had. */
  lost(ts: string): void;
  /** Hands on what was taken. */
  deliver(): Promise<void> | undefined;
  /** The sink has asked to wait. */
  readonly blocked: boolean;
  stop(doubt: Doubt): void;
  fail(cause: unknown): void;
}

/** Stands between a followed stream and what is taken of it: nothing is taken behind a place at which the engine may have passed lines over. */
export class Vetting {
  readonly #options: VettingOptions;
  readonly #abort = new AbortController();
  #splice: Splice | undefined;
  #look: Promise<void> | undefined;
  readonly #pace = new LookPace();
  #given = false;
  /** The stream cannot be brought together with the log. */
  #misfit = false;

  constructor(options: VettingOptions) {
    this.#options = options;
  }

  /** Messages are waiting for a look at the log. */
  get holding(): boolean {
    return this.#splice !== undefined;
  }

  message(ts: string, stream: StreamIndex, raw: string, ascii: boolean, arrivedMs: number): void {
    if (this.#misfit) return;
    if (this.#splice !== undefined) {
      this.#offer(this.#splice, { ts, stream, raw, ascii, arrivedMs });
      return;
    }
    const { watch, host, resent } = this.#options;
    const sight = watch.see(ts, stream, raw, arrivedMs);
    if (sight === "new" || (sight === "gap-possible" && this.#pace.passes())) {
      this.#take(ts, stream, raw, ascii);
    } else if (sight === "known") resent();
    else if (sight === "time-went-back") host.stop(sight);
    else this.#hold({ ts, stream, raw, ascii, arrivedMs }, sight);
  }

  /** So much is held that the stream should wait; resolves when it may go on. */
  get room(): Promise<void> | undefined {
    return this.#given ? undefined : this.#splice?.room;
  }

  /** Resolves when no look is under way. */
  async settled(): Promise<void> {
    // One look may lead to the next.
    while (this.#look !== undefined) {
      const look = this.#look;
      await look;
      if (this.#look === look) this.#look = undefined;
    }
  }

  /** No more is wanted of the stream; a snapshot that is being read is read to its end. */
  leave(): void {
    this.#given = true;
    this.#splice?.makeRoom();
  }

  /** Nothing is wanted any more. */
  stop(): void {
    this.leave();
    this.#abort.abort();
  }

  /** Nothing more is taken of the stream until the log has been looked at. */
  #hold(first: Held, sight: Sight): void {
    const splice = new Splice();
    splice.offer(first);
    this.#splice = splice;
    if (this.#given) return;
    this.#look = this.#lookAt(splice, first, sight).catch((cause: unknown) => this.#options.host.fail(cause));
  }

  #offer(splice: Splice, message: Held): void {
    const answer = splice.offer(message);
    if (answer === "joined") this.#splice = undefined;
    // Once more, from the end of that snapshot.
    else if (answer === "behind") this.#hold(message, "gap-likely");
    else if (answer === "too-much" || answer === "misfit") {
      this.#misfit = answer === "misfit";
      this.#options.host.stop("fell-behind");
    }
  }

  async #lookAt(splice: Splice, first: Held, sight: Sight): Promise<void> {
    const { address, id, tty, watch, wholeMessages, stale, host, looked } = this.#options;
    const signal = this.#abort.signal;
    const { waitMs } = this.#pace;
    if (waitMs > 1) await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    this.#pace.begin();
    let missed = false;
    let tooLate = false;
    const older = this.#olderThan(splice, sight);
    const whole = await readBehind({
      address,
      id,
      tty,
      place: host.place(),
      tailMessages: this.#printedSince(splice, first) + watch.recent(MARGIN_MS) + MARGIN_MESSAGES,
      wholeMessages,
      stale,
      signal,
      take: (ts, stream, raw, ascii) => {
        missed ||= ts < first.ts;
        this.#take(ts, stream, raw, ascii);
      },
      lost: async (ts, stream, raw) => {
        await older.takeBefore({ ts, stream, raw });
        missed = older.missed;
        tooLate = true;
      },
      read: () => host.deliver(),
    });
    this.#pace.end({ missed, tooLate, fillMs: watch.fillMs });
    looked(missed);
    if (!whole) {
      host.stop("fell-behind");
      return;
    }
    // Where too much came to be held, of that what goes on behind the snapshot; the next reading brings the rest.
    for (const { ts, stream, raw, ascii, arrivedMs } of splice.endAt(host.place()))
      this.message(ts, stream, raw, ascii, arrivedMs);
    void host.deliver();
    if (this.#splice === splice) this.#limit(splice);
  }

  /** About how many messages the log holds behind the one that was taken last: what the stream has not brought yet is among them. */
  #printedSince(splice: Splice, first: Held): number {
    const { watch } = this.#options;
    return Math.max(splice.waiting + watch.expectedUntil(first.ts), watch.expectedBy(Date.now() + MARGIN_MS));
  }

  #take(ts: string, stream: StreamIndex, raw: string, ascii: boolean): void {
    this.#options.watch.note(ts, stream, raw);
    this.#options.host.take(ts, stream, raw, ascii);
  }

  #olderThan(splice: Splice, sight: Sight): Older {
    const { watch, host, resent } = this.#options;
    return new Older({
      splice,
      watch,
      sight,
      resent,
      take: ({ ts, stream, raw, ascii }) => this.#take(ts, stream, raw, ascii),
      lost: (ts) => host.lost(ts),
      place: () => host.place(),
      deliver: () => host.deliver(),
      given: () => this.#given,
    });
  }

  /** The stream must reach the end of the snapshot before long, or at least bring something. */
  #limit(splice: Splice): void {
    const { offered } = splice;
    const check = () => {
      if (this.#given || this.#splice !== splice) return;
      if (this.#options.host.blocked || splice.offered > offered) this.#limit(splice);
      else this.#options.host.stop("fell-behind");
    };
    // What has come while this process had no time is heard before.
    const timer = setTimeout(() => setImmediate(check), JOIN_MS);
    timer.unref();
  }
}
