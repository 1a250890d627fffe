import type { Container } from "../../core/container.js";
import { LONGEST_TAKEN_BYTES } from "../../core/lane.js";
import type { Line } from "../../core/line.js";
import type { LineSink } from "../../core/source.js";
import type { Assembler } from "../assembler.js";
import { CLEAR, type MessageTraits } from "../messages.js";
import { type Position, STREAM_NAMES, type StreamIndex } from "../position.js";
import { TIME_CHARS } from "./engine-times.js";
import type { Frame } from "./frames.js";

interface MessageRunOptions {
  readonly sink: LineSink;
  readonly container: () => Container;
  readonly maxLineBytes: number;
  readonly assembler: Assembler;
  readonly host: RunHost;
}

/** The reading that the messages belong to. */
export interface RunHost {
  /** What stands before what is written from now on is with the sink. */
  tellGap(): void;
  /** Hands on what was taken, with the position behind it. */
  deliver(): Promise<void> | undefined;
}

interface Message extends Pick<Frame, "ts" | "raw">, Pick<MessageTraits, "piece"> {
  readonly stream: StreamIndex;
  readonly ascii: boolean;
}

/** Where a message ends in the engine's log file. */
interface FileEnd {
  readonly inode: number;
  readonly offset: number;
}

/** Of a message of the log API. */
const NO_FILE: FileEnd = { inode: 0, offset: 0 };

/** Behind the minute of an engine time. */
const MINUTE_CHARS = 16;
const NEWLINE = 10;

/**
 * Where messages that were taken go: those that follow each other in what was read, of one stream and one minute, to the lane together, if
 * there is one; all others to the assembler. What the lane writes and the position behind it reach the store in the same turn of the event loop.
 */
export class MessageRun {
  /** The lane took messages whose position no batch has brought. */
  #hasTaken = false;
  readonly #options: MessageRunOptions;
  readonly #isOpen: boolean;
  readonly #times: string[] = [];
  readonly #raws: string[] = [];
  readonly #offsets: number[] = [];
  /** Of the file in which all of them stand. */
  #inode = 0;
  readonly #places: Uint32Array;
  #count = 0;
  #buffer: Buffer | undefined;
  #base = 0;
  #end = 0;
  #stream: StreamIndex = 0;
  #minute = "";
  #isAscii = true;
  /** Messages of the run that the assembler knows of. */
  #passed = 0;

  constructor(options: MessageRunOptions) {
    this.#options = options;
    const { sink, container, maxLineBytes } = options;
    this.#isOpen = maxLineBytes >= LONGEST_TAKEN_BYTES && sink.lane?.takes(container()) === true;
    this.#places = new Uint32Array(this.#isOpen ? 2 * sink.lane!.mostMessages : 0);
  }

  /** Knows all messages that were taken. */
  get assembler(): Assembler {
    this.#flush();
    return this.#options.assembler;
  }

  /** There is something for the next batch. */
  get hasNews(): boolean {
    return this.assembler.lines.length > 0 || this.#hasTaken;
  }

  /** An event of a stream may go on. */
  get waits(): boolean {
    const { assembler } = this;
    return assembler.groupPending(0) || assembler.groupPending(1);
  }

  /** What the next batch brings, and the position behind it. */
  drain(): { readonly lines: readonly Line[]; readonly bytes: number; readonly position: Position } {
    const { assembler } = this;
    this.#hasTaken = false;
    return { ...assembler.drain(), position: assembler.position() };
  }

  /** `frame` is the one that is being handed on, and perhaps the message as it was read. */
  take(frame: Readonly<Frame> | undefined, message: Message, file = NO_FILE): void {
    const { ts, stream, raw, ascii } = message;
    if (frame !== undefined && this.#fits(frame, message)) {
      if (!this.#goesOn(frame, stream, file)) this.#begin(frame, stream, file);
      this.#add(frame, message, file);
      return;
    }
    const { assembler } = this;
    assembler.at(file.inode, file.offset);
    assembler.message(ts, stream, raw, ascii, message);
  }

  #fits(frame: Readonly<Frame>, { ts, stream, raw }: Message): boolean {
    if (!this.#isOpen || frame.raw !== raw || frame.ts !== ts) return false;
    // A piece of a long line is no line, nor is the last one, whose end alone it is.
    const isLine = raw.length <= LONGEST_TAKEN_BYTES && raw.charCodeAt(raw.length - 1) === NEWLINE;
    return isLine && !this.#options.assembler.piecesPending(stream);
  }

  #add(frame: Readonly<Frame>, { ts, raw, ascii }: Message, { offset }: FileEnd): void {
    const at = this.#count;
    const text = frame.start - this.#base + TIME_CHARS + 1;
    this.#places[at * 2] = text;
    this.#places[at * 2 + 1] = text + raw.length - 1;
    this.#times[at] = ts;
    this.#raws[at] = raw;
    this.#offsets[at] = offset;
    this.#isAscii &&= ascii;
    this.#end = frame.end;
    this.#count = at + 1;
  }

  #flush(): void {
    const count = this.#count;
    if (count === 0) return;
    // Whatever is asked for meanwhile comes by here again.
    this.#count = 0;
    this.#passed = 0;
    const { assembler, sink, host } = this.#options;
    const stream = this.#stream;
    host.tellGap();
    const done = sink.lane!.takeMessages({
      container: this.#options.container(),
      stream: STREAM_NAMES[stream],
      bytes: this.#buffer!.subarray(this.#base, this.#end),
      ts: this.#times[0]!,
      isPending: assembler.lines.length > 0 || assembler.groupPending(stream),
      count,
      places: this.#places,
      reach: (index) => this.#reach(index),
      long: (ts, raw, isAscii, isClear) => {
        assembler.at(this.#inode, this.#offsets[this.#passed]!);
        assembler.message(ts, stream, raw, isAscii, isClear ? CLEAR : undefined);
        this.#passed += 1;
      },
      settle: () => {
        assembler.interrupt(stream);
        this.#hasTaken ||= this.#passed > 0;
        void host.deliver();
      },
    });
    this.#reach(done);
    this.#hasTaken ||= done > 0;
    for (let at = done; at < count; at += 1) {
      assembler.at(this.#inode, this.#offsets[at]!);
      assembler.message(this.#times[at]!, stream, this.#raws[at]!, this.#isAscii);
    }
    this.#buffer = undefined;
  }

  #goesOn(frame: Readonly<Frame>, stream: StreamIndex, { inode }: FileEnd): boolean {
    return (
      this.#count > 0 &&
      this.#buffer === frame.buffer &&
      this.#stream === stream &&
      this.#inode === inode &&
      this.#count * 2 < this.#places.length &&
      frame.ts.startsWith(this.#minute)
    );
  }

  #begin(frame: Readonly<Frame>, stream: StreamIndex, { inode }: FileEnd): void {
    this.#flush();
    this.#inode = inode;
    this.#buffer = frame.buffer;
    this.#base = frame.start;
    this.#stream = stream;
    this.#minute = frame.ts.substring(0, MINUTE_CHARS);
    this.#isAscii = true;
  }

  #reach(index: number): void {
    const { assembler } = this.#options;
    for (; this.#passed < index; this.#passed += 1) {
      assembler.at(this.#inode, this.#offsets[this.#passed]!);
      assembler.skip(this.#times[this.#passed]!, this.#stream, this.#raws[this.#passed]!.length);
    }
  }
}
