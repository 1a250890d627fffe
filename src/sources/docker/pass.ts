import type { Container } from "../../core/container.js";
import type { Gap, LineBatch, LineSink } from "../../core/source.js";
import { Assembler, type AssemblerOptions } from "../assembler.js";
import type { MessageSink } from "../messages.js";
import { type Position, type StreamIndex, startPosition } from "../position.js";
import type { EngineAddress } from "./engine.js";
import { FrameCutter, type MessageCutter } from "./frames.js";
import { type BodySink, readLogStream, type StreamEnd } from "./log-stream.js";
import { Resume, type SeekBy } from "./resume.js";
import type { Doubt, FollowWatch } from "./trust.js";
import { TtyCutter } from "./tty.js";

/** An event that may go on is handed on when nothing has come for this long. */
const QUIET_MS = 250;

export interface PassOptions extends AssemblerOptions {
  readonly address: EngineAddress;
  /** Asked for each batch: a container can be renamed while it is read. */
  readonly container: () => Container;
  readonly tty: boolean;
  readonly sink: LineSink;
  readonly position: Position;
  readonly by: SeekBy;
  /** How far back to look when `by` is `tail`. */
  readonly tailMessages: number;
  readonly follow: boolean;
  /** Present when following might not be trusted. */
  readonly watch: FollowWatch | undefined;
  /** Called with each position that was handed on together with its lines. */
  readonly moved: (position: Position) => void;
}

/** How one reading ended: as the stream did, in doubt, because the place was not found, or because it was told to stop. */
export type PassEnd = StreamEnd | Doubt | "lost" | "stopped";

/** One reading of a container's log: a snapshot of what the engine holds, or following it. */
export class Pass implements BodySink, MessageSink {
  /** New messages that were taken. */
  taken = 0;
  lastReadMs = Date.now();
  /** Engine time of the last message, known or new. */
  lastSeenTs = "";
  readonly #options: PassOptions;
  readonly #resume: Resume;
  readonly #assembler: Assembler;
  readonly #cutter: MessageCutter;
  readonly #abort = new AbortController();
  #end: PassEnd | undefined;
  #result: PassEnd | undefined;
  #gap: Gap | undefined;
  #receivedMs = 0;
  #quiet: NodeJS.Timeout | undefined;

  constructor(options: PassOptions) {
    this.#options = options;
    this.#resume = new Resume(options.position, options.by, options.tailMessages);
    const start = options.by === "nothing" ? startPosition("") : options.position;
    this.#assembler = new Assembler(start, this.#resume.skipping, options);
    this.#cutter = options.tty ? new TtyCutter(this) : new FrameCutter(this);
  }

  /** Engine time of the last message that was taken, in this reading or before it. */
  get lastTs(): string {
    return this.#assembler.lastTs;
  }

  /** How the reading ended, once it has. */
  get end(): PassEnd | undefined {
    return this.#result;
  }

  /** Reads until the stream ends, something is in doubt, or `stop`. Throws when the engine refuses or is away. */
  async run(): Promise<PassEnd> {
    this.#result = await this.#read();
    return this.#result;
  }

  async #read(): Promise<PassEnd> {
    const { address, container, follow } = this.#options;
    try {
      const query = { follow, ...this.#resume.range() };
      const end = await readLogStream(address, container().id, query, this, this.#abort.signal);
      if (this.#end !== undefined) return this.#end;
      if (end === "whole" && !follow) this.#cutter.end();
      return this.#resume.found || end === "cut" ? end : "lost";
    } finally {
      clearTimeout(this.#quiet);
    }
  }

  stop(end: PassEnd): void {
    this.#end ??= end;
    this.#abort.abort();
  }

  /** The container will print no more and all of it was read: hands on what is pending. */
  finish(state: "ended" | "removed", gap?: Gap): Promise<void> | undefined {
    this.#cutter.end();
    this.#assembler.end();
    this.#gap ??= gap;
    return this.#deliver(state);
  }

  span(buffer: Buffer, start: number, end: number): void {
    this.#receivedMs = Date.now();
    if (this.#end === undefined) this.#cutter.push(buffer, start, end);
  }

  read(receivedMs: number): Promise<void> | undefined {
    this.#receivedMs = receivedMs;
    this.#cutter.flush();
    this.lastReadMs = receivedMs;
    const wait = this.#assembler.lines.length === 0 ? undefined : this.#deliver("open");
    this.#armQuiet();
    return wait;
  }

  message(ts: string, stream: StreamIndex, raw: string, ascii: boolean): void {
    if (this.#end !== undefined) return;
    this.lastSeenTs = ts;
    if (!this.#resume.done && this.#known(ts, stream, raw)) return;
    const doubt = this.#options.watch?.see(ts, stream, raw, this.#receivedMs);
    if (doubt !== undefined) {
      this.stop(doubt);
      return;
    }
    if (this.#options.by === "nothing" && this.taken === 0) this.#gap = lostGap(this.#options.position, ts);
    this.taken += 1;
    this.#assembler.message(ts, stream, raw, ascii);
  }

  #known(ts: string, stream: StreamIndex, raw: string): boolean {
    const behind = this.#resume.found;
    const verdict = this.#resume.judge(ts, stream, raw.length);
    if (verdict === "new") return false;
    if (verdict === "lost") this.stop("lost");
    else if (behind) this.#assembler.skip(ts, stream, raw.length);
    return true;
  }

  #deliver(state: LineBatch["state"]): Promise<void> | undefined {
    const { lines, bytes } = this.#assembler.drain();
    const position = this.#assembler.position();
    const batch = { container: this.#options.container(), lines, bytes, gap: this.#gap, position, state };
    this.#gap = undefined;
    this.#options.moved(position);
    return this.#options.sink.deliver(batch);
  }

  #armQuiet(): void {
    clearTimeout(this.#quiet);
    if (!this.#assembler.groupPending && this.#cutter.pendingBytes === 0) return;
    if (!this.#options.follow) return;
    this.#quiet = setTimeout(() => {
      if (this.#end !== undefined) return;
      if (this.#options.tty) this.#cutter.end();
      this.#assembler.quiet();
      // The sink takes every batch; its wish to wait concerns the stream, which is quiet.
      if (this.#assembler.lines.length > 0) void this.#deliver("open");
    }, QUIET_MS);
  }
}

function lostGap(position: Position, to: string): Gap {
  return {
    from: position.last[0] || position.anchor,
    to,
    why: "the engine no longer holds the place up to which the container was read: its log was rotated or cut",
  };
}
