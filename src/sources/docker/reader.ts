import { Backoff } from "../../core/backoff.js";
import { causeText } from "../../core/errors.js";
import type { Position } from "../position.js";
import { Alarm } from "./alarm.js";
import { createWatch } from "./create-watch.js";
import { isTimeError } from "./engine-times.js";
import { FirstLook } from "./first-look.js";
import { keepAlive } from "./keep-alive.js";
import { removedGap } from "./lost-gap.js";
import { Pace } from "./pace.js";
import { Pass } from "./pass.js";
import type { PassEnd, PassOptions } from "./pass-options.js";
import type { ReaderOptions, RunState } from "./reader-options.js";
import { isUnreadable, Refusals } from "./refusals.js";
import { bounded, nextSeek, type Seek } from "./resume.js";
import { heldMessages } from "./rotation.js";
import type { Turn } from "./snapshot-gate.js";
import { STALE_PAUSE_MS, StaleCopies } from "./stale-copies.js";
import { TIMING, type Timing } from "./timing.js";
import type { WatchedContainer } from "./watched-container.js";

/**
 * Reads one container for as long as it exists. Follows while following can be trusted; otherwise reads
 * snapshots from its position, which are always consistent, until it has caught up.
 */
export class ContainerReader {
  readonly #options: ReaderOptions;
  readonly #timing: Timing;
  readonly #backoff = new Backoff();
  readonly #stopping = new AbortController();
  readonly #alarm = new Alarm();
  readonly #pace = new Pace();
  readonly #refusals = new Refusals();
  readonly #stale: StaleCopies | undefined;
  readonly #firstLook: FirstLook | undefined;
  readonly #rotates: boolean;
  #watched: WatchedContainer;
  #position: Position;
  #pass: Pass | undefined;
  /** The last reading that came to the log's end, unless a later one has brought more. */
  #whole: Pass | undefined;
  /** The container printed nothing behind it: it had stopped. */
  #complete = false;
  #waiting = false;

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.#watched = options.watched;
    this.#stale = options.watched.compressed ? new StaleCopies() : undefined;
    this.#position = options.position;
    const { taken, floor, last } = options.position;
    const isFirst = taken === 0 && floor === "" && last[0] === "";
    this.#firstLook = isFirst ? new FirstLook(options.watched) : undefined;
    this.#rotates = options.watched.rotateBytes !== undefined;
    this.#timing = options.timing ?? TIMING;
  }

  /** Where the next reading would begin. */
  get position(): Position {
    return this.#position;
  }

  /** Read to its end: nothing is done until `wake`. */
  get waiting(): boolean {
    return this.#waiting;
  }

  stop(): void {
    this.#stopping.abort();
    this.#pass?.stop("stopped");
    this.wake();
  }

  /** The engine says that something happened to the container (started, died, removed): look at once. */
  wake(): void {
    this.#alarm.ring();
  }

  /** The container was renamed: what comes from now on is told under its new name. */
  rename(watched: WatchedContainer): void {
    this.#watched = watched;
  }

  /** Resolves when the container is gone and was read to its end, cannot be read, or `stop` was called. */
  async run(): Promise<"gone" | "unreadable" | "stopped"> {
    let first = true;
    let trusted = this.#options.fresh || !this.#rotates;
    while (!this.#stopped) {
      try {
        const state =
          first && this.#options.fresh && this.#watched.running
            ? "running"
            : await this.#options.inspectState(this.#id);
        first = false;
        if (state === "gone") {
          await this.#removed();
          return "gone";
        }
        if (state === "running") this.#complete = false;
        if (state === "running" && trusted) {
          await this.#follow();
          trusted = false;
        } else {
          const caughtUp = await this.#catchUp(state);
          if (caughtUp && state === "stopped") {
            this.#waiting = true;
            if (!this.#stopped) await this.#alarm.untilRung();
            this.#waiting = false;
            trusted = true;
          } else trusted = caughtUp && (await this.#coolDown());
        }
        this.#backoff.reset();
        this.#refusals.reset();
      } catch (error) {
        // One odd message behind good ones is read again; where none is good, none will be.
        if (isUnreadable(error) || (isTimeError(error) && this.#pass?.seen === 0)) {
          this.#options.events.unreadable(this.#watched.container, this.#watched.logDriver, error);
          return "unreadable";
        }
        if (this.#stopped) break;
        trusted = false;
        // Removed between two requests: the next look says so, or an event cuts the pause short.
        if (this.#refusals.toTell(error))
          this.#options.events.streamFailed(this.#watched.container, causeText(error));
        await this.#alarm.pause(this.#backoff.next());
      }
    }
    return "stopped";
  }

  get #stopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  get #id(): string {
    return this.#watched.container.id;
  }

  async #follow(): Promise<void> {
    const { events } = this.#options;
    const startedMs = Date.now();
    const watch = createWatch(this.#watched, this.#options.address, startedMs);
    const vet = watch && {
      watch,
      wholeMessages: this.#wholeMessages,
      resent: () => events.resent(),
      looked: (missed: boolean) => events.looked(this.#watched.container, missed),
    };
    const pass = this.#begin({ follow: true, seek: this.#firstSeek, vet });
    const { signal } = this.#stopping;
    const rest = keepAlive({ reader: this.#options, pass, watch, signal, timing: this.#timing });
    let end: PassEnd;
    try {
      end = await this.#read(pass);
    } finally {
      rest();
    }
    if (end === "whole") this.#complete = true;
    const doubted = end !== "whole" && end !== "cut" && end !== "stopped";
    if (doubted) events.doubted(this.#watched.container, end);
    const messagesPerMs = watch?.messagesPerMs ?? 0;
    const forMs = Date.now() - startedMs;
    this.#pace.followed({ forMs, doubted, idle: pass.taken === 0, end, messagesPerMs });
  }

  /** Reads snapshots; true when the last one came close to now, or to the end of a stopped container. */
  async #catchUp(state: RunState): Promise<boolean> {
    let seek = this.#firstSeek;
    for (;;) {
      const startedMs = Date.now();
      const [fromTs] = this.#position.last;
      const pass = this.#begin({ follow: false, seek, vet: undefined });
      const end = await this.#options.gate.pass((turn) => this.#read(pass, turn));
      if (end === "time-went-back" || (end === "lost" && this.#stale?.hides(this.#position, pass.seekBy))) {
        await this.#alarm.pause(STALE_PAUSE_MS);
        continue;
      }
      if (end === "lost") {
        seek = bounded(nextSeek(seek), this.#wholeMessages);
        continue;
      }
      if (end === "stopped") return false;
      const { taken, lastTs: toTs, lastSeenTs: seenTs } = pass;
      const tookMs = Date.now() - startedMs;
      const caughtUp = this.#pace.caughtUp({ taken, fromTs, toTs, seenTs, tookMs });
      if (end === "cut") throw new Error("the engine or something between cut a snapshot short");
      if (state === "stopped") {
        this.#complete = true;
        await pass.finish("ended");
        return true;
      }
      return caughtUp;
    }
  }

  async #read(pass: Pass, turn?: Turn): Promise<PassEnd> {
    try {
      return await pass.run(turn);
    } finally {
      if (pass.end === "whole") this.#whole = pass;
      else if (pass.taken > 0) this.#whole = undefined;
      if (pass.seekBy !== "tail") this.#pace.logSeen(pass.seen);
    }
  }

  get #firstSeek(): Seek {
    return this.#pace.firstSeek(this.#position, this.#wholeMessages);
  }

  get #wholeMessages(): number {
    return heldMessages(this.#watched);
  }

  #begin(how: Pick<PassOptions, "follow" | "seek" | "vet">): Pass {
    const { address, sink, maxLineBytes, createJoiners } = this.#options;
    this.#pass = new Pass({
      ...how,
      address,
      sink,
      maxLineBytes,
      container: () => this.#watched.container,
      log: this.#watched,
      ahead: this.#rotates,
      firstLook: this.#firstLook,
      stale: this.#stale,
      joiners: createJoiners(),
      position: this.#position,
      moved: (position) => {
        this.#position = position;
      },
    });
    if (this.#stopped) this.#pass.stop("stopped");
    return this.#pass;
  }

  /** The container is gone: what was read up to its end is all there is; anything else may have missed lines. */
  async #removed(): Promise<void> {
    const pass =
      this.#whole ?? this.#pass ?? this.#begin({ follow: false, seek: this.#firstSeek, vet: undefined });
    const isWhole = this.#complete && this.#whole !== undefined;
    await pass.finish("removed", isWhole ? undefined : removedGap(pass.lastTs));
  }

  async #coolDown(): Promise<true> {
    if (this.#pace.coolDownMs > 0) await this.#alarm.pause(this.#pace.coolDownMs);
    return true;
  }
}
