import type { Gap, LineBatch } from "../../core/source.js";
import { Assembler } from "../assembler.js";
import type { MessageSink } from "../messages.js";
import type { Position, StreamIndex } from "../position.js";
import { isTimeError } from "./engine-times.js";
import { EngineReport, FrameCutter, type MessageCutter } from "./frames.js";
import { Gaps } from "./gaps.js";
import { type BodySink, readLogStream } from "./log-stream.js";
import { MessageRun, type RunHost } from "./message-run.js";
import type { PassEnd, PassOptions } from "./pass-options.js";
import { Quiet, settledBefore } from "./quiet.js";
import { placeToBegin, Resume, type SeekBy, type Verdict } from "./resume.js";
import { SinkWaits } from "./sink-waits.js";
import type { Turn } from "./snapshot-gate.js";
import type { TimeCheck } from "./stale-copies.js";
import { TtyCutter } from "./tty.js";
import { Vetting, type VettingHost } from "./vetting.js";

/** One reading of a container's log: a snapshot of what the engine holds, or following it. */
export class Pass implements BodySink, MessageSink, VettingHost, RunHost {
  /** New messages that were taken, and all that came. */
  taken = 0;
  seen = 0;
  lastReadMs = Date.now();
  /** Engine time of the last message, known or new. */
  lastSeenTs = "";
  /** How the reading ended, once it has. */
  end: PassEnd | undefined;
  readonly seekBy: SeekBy;
  readonly #options: PassOptions;
  readonly #resume: Resume;
  readonly #run: MessageRun;
  readonly #cutter: MessageCutter;
  readonly #vetting: Vetting | undefined;
  readonly #abort = new AbortController();
  readonly #fits: TimeCheck | undefined;
  #end?: PassEnd;
  readonly #gaps: Gaps;
  #failure: unknown;
  #receivedMs = 0;
  #readBytes = 0;
  #turn: Turn | undefined;
  readonly #quiet = new Quiet((streams) => this.#onQuiet(streams));
  readonly #waits = new SinkWaits();

  constructor(options: PassOptions) {
    this.#options = options;
    const { address, container, vet, stale, follow, position, seek } = options;
    const { tty, logDriver } = options.log;
    this.seekBy = seek.by;
    this.#resume = new Resume(position, seek);
    this.#gaps = new Gaps(options.firstLook);
    const assembler = new Assembler(placeToBegin(position, seek), this.#resume.skipping, options);
    this.#run = new MessageRun({ ...options, assembler, host: this });
    this.#cutter = tty ? new TtyCutter(this, position.last, logDriver) : new FrameCutter(this);
    this.#fits = follow ? undefined : stale?.check(position);
    this.#vetting = vet && new Vetting({ ...vet, address, id: container().id, tty, host: this, stale });
  }

  /** Engine time of the last message that was taken, in this reading or before it. */
  get lastTs(): string {
    return this.#run.assembler.lastTs;
  }

  /** What has come waits in front of this process. */
  get blocked(): boolean {
    return this.#waits.blocked || this.#vetting?.room !== undefined;
  }

  /** The place where reading goes on was found in what came. */
  get found(): boolean {
    return this.#resume.found;
  }

  /** Reads until the stream ends, something is in doubt, or `stop`. Throws when the engine refuses or is away. */
  async run(turn?: Turn): Promise<PassEnd> {
    this.#turn = turn;
    try {
      this.end = await this.#read();
    } finally {
      // The next reading begins only when the sink has room: else each would bring what one read holds.
      await this.#waits.over();
    }
    return this.end;
  }

  async #read(): Promise<PassEnd> {
    const { address, container, follow, ahead = false } = this.#options;
    const query = { follow, ahead, ...this.#resume.range() };
    const settled = settledBefore(address, Date.now());
    try {
      const end = await readLogStream(address, container().id, query, this, this.#abort.signal);
      await this.#vetting?.settled();
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#end !== undefined) return this.#end;
      if (this.#vetting?.holding === true) return "fell-behind";
      const isWhole = end === "whole" && !follow;
      if (isWhole) this.#cutter.end();
      if (isWhole) this.#run.assembler.settle(settled);
      if (isWhole && (this.#resume.allCame() || this.#gaps.any || this.#run.hasNews))
        void this.#deliver("open");
      return this.#resume.found || end === "cut" ? end : "lost";
    } finally {
      this.#quiet.stop();
      // Where reading failed nothing may be handed on any more: the next reading does.
      this.#vetting?.stop();
      await this.#vetting?.settled();
    }
  }

  stop(end: PassEnd): void {
    this.#end ??= end;
    // A reading of copies is read to its end, without a look: as long as it goes on, the next one would be shown them too.
    if (this.#fits === undefined || !(end === "lost" || end === "time-went-back")) this.#abort.abort();
    if (end === "fell-behind") this.#vetting?.leave();
    else this.#vetting?.stop();
    if (end === "stopped") this.#waits.release();
  }

  /** The container will print no more and all of it was read: hands on what is pending. */
  finish(state: "ended" | "removed", gap?: Gap): Promise<void> | undefined {
    this.#cutter.end();
    this.#run.assembler.end();
    this.#gaps.last(gap);
    return this.#deliver(state);
  }

  span(buffer: Buffer, start: number, end: number): void {
    this.#receivedMs = Date.now();
    this.#readBytes += end - start;
    if (this.#end !== undefined) return;
    this.#cut(() => this.#cutter.push(buffer, start, end));
  }

  read(receivedMs: number, isInChunk: boolean): Promise<void> | undefined {
    this.#receivedMs = receivedMs;
    this.lastReadMs = Date.now();
    this.#cut(() => this.#cutter.flush());
    this.#quiet.isHalf = isInChunk || this.#cutter.isHalf;
    const wait = this.deliver();
    const turn = this.#vetting?.room ?? this.#turn?.read(this.#readBytes);
    this.#readBytes = 0;
    return wait === undefined || turn === undefined ? (wait ?? turn) : wait.then(() => turn);
  }

  deliver(): Promise<void> | undefined {
    const wait = this.#run.hasNews ? this.#deliver("open") : undefined;
    this.#armQuiet();
    return wait;
  }

  #cut(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#failure ??= error;
      // What stands before it is good, and is handed on first.
      if (!isTimeError(error)) this.#cut(() => this.#cutter.flush());
      if (error instanceof EngineReport) this.#run.assembler.quiet(0, 1);
      this.stop("cut");
    }
  }

  tellGap(): void {
    if (this.#gaps.any) void this.#deliver("open");
  }

  place(): Position {
    return this.#run.assembler.place();
  }

  lost(ts: string): void {
    // Nobody will ever have the rest of what has begun.
    this.#run.assembler.end();
    if (this.#run.assembler.lines.length > 0) void this.#deliver("open");
    this.#gaps.lost(this.lastTs, ts);
  }

  fail(cause: unknown): void {
    this.#failure ??= cause;
    this.stop("cut");
  }

  message(ts: string, stream: StreamIndex, raw: string, ascii: boolean): void {
    if (this.#end !== undefined) return;
    this.lastSeenTs = ts;
    this.seen += 1;
    const verdict = this.#resume.done ? "new" : this.#resume.judge(ts, stream, raw);
    if (this.#resume.turnsGone()) this.#beginAnew(ts);
    if (this.#end !== undefined) return;
    if (verdict !== "new") {
      this.#leaveOut(verdict, ts, stream, raw);
      return;
    }
    this.#quiet.came(stream);
    this.#gaps.see(ts, raw);
    if (this.#vetting !== undefined && this.#resume.done) {
      this.#vetting.message(ts, stream, raw, ascii, this.#receivedMs);
      return;
    }
    if (this.#fits?.(ts, stream) === false) this.stop("time-went-back");
    else {
      this.#options.vet?.watch.note(ts, stream, raw);
      this.take(ts, stream, raw, ascii);
    }
  }

  take(ts: string, stream: StreamIndex, raw: string, ascii: boolean): void {
    this.taken += 1;
    this.#run.take(this.#cutter.frame, { ts, stream, raw, ascii });
  }

  #leaveOut(verdict: Verdict, ts: string, stream: StreamIndex, raw: string): void {
    this.#options.vet?.watch.note(ts, stream, raw);
    if (verdict === "lost") this.stop("lost");
    else if (verdict === "ahead" || this.seekBy === "last") this.#run.assembler.skip(ts, stream, raw.length);
  }

  #beginAnew(ts: string): void {
    // How much is to be left out only a snapshot can tell, and what is followed meanwhile could not be vetted.
    if (this.#options.follow && !this.#resume.done) this.stop("lost");
    this.#run.assembler.beginAnew(ts);
    this.#gaps.lost(this.#resume.placeTs, ts);
  }

  #deliver(state: LineBatch["state"]): Promise<void> | undefined {
    const news = { ...this.#run.drain(), container: this.#options.container() };
    this.#options.moved(news.position);
    return this.#waits.add(this.#options.sink.deliver({ ...news, gap: this.#gaps.take(), state }));
  }

  #armQuiet(): void {
    if (!this.#options.follow || this.#end !== undefined) return;
    if (this.#run.waits || this.#cutter.mayBeWhole) this.#quiet.arm();
  }

  #onQuiet(streams: readonly StreamIndex[]): void {
    if (this.#end !== undefined) return;
    // While the sink wants to wait, and just after it, the rest of an event may stand in the connection unread.
    if (this.blocked) this.#quiet.cameOnBoth();
    else {
      if (streams.includes(0)) this.#cutter.quiet();
      this.#run.assembler.quiet(...streams);
      // The sink takes every batch; its wish to wait concerns the stream, which hears it with what comes next.
      if (this.#run.assembler.lines.length > 0) void this.#deliver("open");
    }
    this.#armQuiet();
  }
}
