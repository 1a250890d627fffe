import type { Container } from "../../../core/container.js";
import type { Gap, LineBatch, LineSink } from "../../../core/source.js";
import { Assembler, type AssemblerOptions } from "../../assembler.js";
import type { Position } from "../../position.js";
import { MessageRun, type RunHost } from "../message-run.js";
import { placeToBegin, Resume, type Seek } from "../resume.js";
import type { Entry } from "./entry.js";
import type { RunEnds } from "./run-ends.js";

/** An event that may go on is handed on when nothing has come on its stream for this long. */
const QUIET_MS = 250;

export interface IntakeOptions extends AssemblerOptions {
  /** Asked for each batch: a container can be renamed while it is read. */
  readonly container: () => Container;
  readonly sink: LineSink;
  readonly position: Position;
  readonly seek: Seek;
  /** Of the container, where the log itself has no border between its runs. */
  readonly runEnds?: RunEnds;
  /** Called with each position that was handed on together with its lines. */
  readonly moved: (position: Position) => void;
}

/** Takes what stands behind a position in the entries of a log, and hands it on as lines. */
export class Intake implements RunHost {
  /** A message showed that the place is not where it is looked for. */
  lost = false;
  readonly #options: IntakeOptions;
  readonly #resume: Resume;
  readonly #run: MessageRun;
  /** By stream: a message has come since the last delivery, and when that was so last. */
  readonly #came: [boolean, boolean] = [false, false];
  readonly #cameMs: [number, number] = [0, 0];
  #begun: boolean;
  #gap: Gap | undefined;

  constructor(options: IntakeOptions) {
    const { position, seek } = options;
    this.#options = options;
    this.#resume = new Resume(position, seek);
    const assembler = new Assembler(placeToBegin(position, seek), this.#resume.skipping, options);
    this.#run = new MessageRun({ ...options, assembler, host: this });
    this.#begun = position.taken > 0 || position.floor === "";
  }

  /** The place was found in what came, or there was none to find. */
  get found(): boolean {
    return this.#resume.found;
  }

  /** Something is held back because it may go on. */
  get pending(): boolean {
    return this.#run.waits;
  }

  /** An entry, and where it ends in which file; 0 for a file whose offsets are those of its uncompressed bytes. */
  take({ ts, stream, raw, ascii, piece, frame }: Entry, inode: number, offset: number): void {
    if (this.lost) return;
    this.#begun ||= ts >= this.#options.position.floor;
    if (!this.#begun) return;
    if (!this.#resume.done) {
      const verdict = this.#resume.judge(ts, stream, raw);
      if (this.#resume.turnsGone()) this.#beginAnew(ts);
      if (verdict === "lost") this.lost = true;
      else if (verdict === "ahead" || (verdict === "known" && this.#options.seek.by === "last")) {
        this.#run.assembler.at(inode, offset);
        this.#run.assembler.skip(ts, stream, raw.length);
      }
      if (verdict !== "new") return;
    }
    if (this.#resume.turnsGone()) this.#beginAnew(ts);
    const { runEnds } = this.#options;
    if (piece !== undefined && runEnds?.between(this.#run.assembler.lastTs, ts) === true)
      this.#run.assembler.end();
    this.#came[stream] = true;
    this.#run.take(frame, { ts, stream, raw, ascii, piece }, { inode, offset });
  }

  /** Lines were missed behind those taken so far: told with the next batch. Before the place is found they are none that are wanted. */
  missed(why: string, to?: string): void {
    if (!this.#resume.found) return;
    // What one stream was ahead may be among them: to count it would leave out as many that are new.
    this.#resume.skipping.someAreGone();
    const from = this.#run.assembler.lastTs || this.#resume.placeTs || undefined;
    this.#gap ??= { from, to, why };
  }

  /** Hands on the lines that are whole; a promise when the sink wants to wait. */
  deliver(): Promise<void> | undefined {
    for (const stream of [0, 1] as const) if (this.#came[stream]) this.#cameMs[stream] = Date.now();
    this.#came.fill(false);
    return !this.#run.hasNews && this.#gap === undefined ? undefined : this.#hand("open");
  }

  tellGap(): void {
    if (this.#gap !== undefined) void this.#hand("open");
  }

  /** Nothing more has come for now: an event on a stream that is quiet is whole. */
  quiet(): Promise<void> | undefined {
    const before = Date.now() - QUIET_MS;
    for (const stream of [0, 1] as const)
      if (this.#cameMs[stream] < before) this.#run.assembler.quiet(stream);
    if (this.#resume.allCame()) return this.#hand("open");
    return this.deliver();
  }

  /** The container will print no more and all of it was read: hands on what is pending. */
  finish(state: "ended" | "removed"): Promise<void> | undefined {
    this.#run.assembler.end();
    return this.#hand(state);
  }

  #beginAnew(ts: string): void {
    this.missed(GONE, ts);
    this.#run.assembler.beginAnew(ts);
  }

  #hand(state: LineBatch["state"]): Promise<void> | undefined {
    const { lines, bytes, position } = this.#run.drain();
    const { container, sink, moved } = this.#options;
    const batch = { container: container(), lines, bytes, gap: this.#gap, position, state };
    this.#gap = undefined;
    moved(position);
    return sink.deliver(batch);
  }
}

const GONE =
  "the engine's files no longer hold the place up to which the container was read: its log was rotated or cut";
