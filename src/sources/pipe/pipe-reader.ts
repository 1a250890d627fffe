import type { Readable } from "node:stream";
import type { Container } from "../../core/container.js";
import { systemCode } from "../../core/errors.js";
import { LONGEST_TAKEN_BYTES } from "../../core/lane.js";
import type { LineJoiner } from "../../core/line.js";
import type { LineSink } from "../../core/source.js";
import { Assembler } from "../assembler.js";
import { type StreamIndex, startPosition } from "../position.js";
import { skipNothing } from "../skipping.js";
import { DockerEntries } from "./docker-entries.js";
import { LineClock } from "./line-clock.js";
import { LineCutter, type PipeLane } from "./line-cutter.js";

/** An event that may go on is handed on when nothing has come for this long. */
const QUIET_MS = 250;

/** Lines after which a batch goes on, looked at after so many bytes. */
const MOST_LINES = 1000;
const SLICE_BYTES = 4096;

export interface PipeReaderOptions {
  readonly container: Container;
  readonly sink: LineSink;
  readonly maxLineBytes: number;
  readonly createJoiner: (container: Container) => LineJoiner;
  /** The pipe may hold Docker's own log files, whose entries say the stream. */
  readonly unwrapsEntries?: boolean;
  /** Gives the lines their times; without it, the system's. */
  readonly clock?: LineClock;
}

/** Lines of one or two pipes of the same program. What a pipe has given cannot be asked for again: there is no position. */
export class PipeReader {
  readonly #options: PipeReaderOptions;
  readonly #assembler: Assembler;
  readonly #clock: LineClock;

  constructor(options: PipeReaderOptions) {
    const { container, createJoiner, maxLineBytes } = options;
    this.#options = options;
    this.#clock = options.clock ?? new LineClock();
    this.#assembler = new Assembler(startPosition(""), skipNothing(), {
      maxLineBytes,
      joiners: [createJoiner(container), createJoiner(container)],
    });
  }

  /** Resolves at the end of the pipe, or when it was destroyed. */
  async read(pipe: Readable, stream: StreamIndex): Promise<void> {
    const unwraps = this.#options.unwrapsEntries === true;
    const streams: readonly StreamIndex[] = unwraps ? [0, 1] : [stream];
    const cutter = new LineCutter({
      stream,
      sink: unwraps ? new DockerEntries(this.#assembler) : this.#assembler,
      clock: this.#clock,
      // Room for a carriage return and one byte more: the assembler then sees that the line was too long.
      keepBytes: this.#options.maxLineBytes + 2,
      lane: this.#laneOf(stream),
    });
    let quiet: NodeJS.Timeout | undefined;
    try {
      for await (const chunk of pipe) {
        clearTimeout(quiet);
        this.#clock.tick();
        await this.#cut(cutter, chunk as Buffer);
        if (streams.some((each) => this.#assembler.groupPending(each)))
          quiet = setTimeout(() => this.#quiet(streams), QUIET_MS);
      }
    } catch (error) {
      // A pipe that was closed from here is at its end: what has come is handed on all the same.
      if (systemCode(error) !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
    } finally {
      clearTimeout(quiet);
    }
    this.#clock.tick();
    cutter.end();
    await this.#deliver("open");
  }

  /**
   * A batch is bounded by its lines as well as by its bytes: 64 KB of two bytes a line are 32,000 records of some hundred bytes, and
   * several batches are on their way at once. A lane brings them as it comes by.
   */
  async #cut(cutter: LineCutter, chunk: Buffer): Promise<void> {
    const slice = this.#options.sink.lane === undefined ? SLICE_BYTES : chunk.length;
    for (let from = 0; from < chunk.length; from += slice) {
      cutter.push(chunk.subarray(from, from + slice));
      if (this.#assembler.lines.length >= MOST_LINES) await this.#deliver("open");
    }
    await this.#deliver("open", true);
  }

  /** All pipes have ended. */
  async end(): Promise<void> {
    this.#assembler.end();
    await this.#deliver("ended");
  }

  #quiet(streams: readonly StreamIndex[]): void {
    for (const stream of streams) this.#assembler.quiet(stream);
    // The pipe waits for its next chunk; that one will hear whether the sink wants it to wait.
    void this.#deliver("open");
  }

  #laneOf(stream: StreamIndex): PipeLane | undefined {
    const { container, sink, maxLineBytes } = this.#options;
    const { lane } = sink;
    // It cuts no lines.
    if (lane?.takes(container) !== true || maxLineBytes < LONGEST_TAKEN_BYTES) return undefined;
    return {
      lane,
      container,
      isPending: () => this.#assembler.lines.length > 0 || this.#assembler.groupPending(stream),
      onLong: () => {
        if (this.#assembler.lines.length >= MOST_LINES) void this.#deliver("open");
      },
      settle: () => {
        this.#assembler.interrupt(stream);
        // Whether the sink wants to wait is heard when the chunk is done.
        void this.#deliver("open");
      },
    };
  }

  /** `mustAsk`: the sink may want to wait for what it was not brought by a batch. */
  #deliver(state: "open" | "ended", mustAsk = false): Promise<void> | undefined {
    const { lines, bytes } = this.#assembler.drain();
    const { container, sink } = this.#options;
    const hasNews = lines.length > 0 || state === "ended" || (mustAsk && sink.lane !== undefined);
    if (!hasNews) return undefined;
    return sink.deliver({ container, lines, bytes, gap: undefined, position: undefined, state });
  }
}
