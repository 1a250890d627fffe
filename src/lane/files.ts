import type { Appender, ByteAppender, Finish, SegmentSink, SeriesSpec, StagedSpec } from "../core/segment.js";
import type { Machine } from "./machine.js";

type Spec = SeriesSpec | StagedSpec;

/** What the long way wrote of a line to one file. */
export interface Written {
  readonly file: LaneAppender;
  readonly text: string;
  readonly entries: number;
}

/** What the store gives. */
export interface ByteSink extends SegmentSink {
  series(spec: SeriesSpec): ByteAppender;
  staged(spec: StagedSpec, finish: Finish): ByteAppender;
}

const NO_NUMBER = -1;

/**
 * Stands between the category writers and the store: both ways append to the same files. What the lane has written waits in its memory,
 * one buffer a file, no longer than it takes to go through what was read together; the long way's entries come behind it.
 */
export class LaneFiles implements SegmentSink {
  readonly #sink: ByteSink;
  readonly #machine: Machine;
  /** By number. */
  #open: LaneAppender[] = [];
  #measures: LaneAppender | undefined;
  /** Where entries of the long way are noted, while a line is learned from. */
  #noted: Written[] | undefined;

  constructor(sink: ByteSink, machine: Machine) {
    this.#sink = sink;
    this.#machine = machine;
  }

  series(spec: SeriesSpec): LaneAppender {
    return new LaneAppender(spec, this.#sink.series(spec), this);
  }

  staged(spec: StagedSpec, finish: Finish): LaneAppender {
    return new LaneAppender(spec, this.#sink.staged(spec, finish), this);
  }

  /** Something that is told of lines and stands in no file: before the long way goes on it has to be told (see `tell`). */
  measures(spec: SeriesSpec, appender: ByteAppender): LaneAppender {
    this.#measures = new LaneAppender(spec, appender, this);
    return this.#measures;
  }

  /** Tells what was measured so far. */
  tell(): void {
    if (this.#measures !== undefined && this.#measures.number !== NO_NUMBER) this.#append(this.#measures);
  }

  /** What the long way writes during `work`. */
  note(work: () => void): readonly Written[] {
    const noted: Written[] = [];
    this.#noted = noted;
    work();
    this.#noted = undefined;
    return noted;
  }

  /** Gives the file a buffer; false when all are given. */
  open(file: LaneAppender): boolean {
    if (file.number !== NO_NUMBER) return true;
    if (this.#open.length >= this.#machine.exports.MOST_FILES.value) return false;
    file.number = this.#open.push(file) - 1;
    this.#setRoom(file.number, 0, 0);
    return true;
  }

  /** A program found no room in a file: what waits is appended. Whether there is room now. */
  makeRoom(number: number): boolean {
    const file = this.#open[number]!;
    this.#append(file);
    if (file.isBlocked()) return false;
    const { bytes, entries } = file.room();
    this.#setRoom(number, bytes, entries);
    return true;
  }

  /** The long way appends to the file. */
  beforeLong(file: LaneAppender, text: string, entries: number): void {
    this.#noted?.push({ file, text, entries });
    if (file.number === NO_NUMBER) return;
    this.#append(file);
    this.#setRoom(file.number, 0, 0);
  }

  /** Something else may have changed what files take: it is asked again. */
  doubtRoom(): void {
    for (const { number, spec } of this.#open) if (spec.category === "training") this.#setRoom(number, 0, 0);
  }

  /** Appends all that waits. */
  appendAll(): void {
    for (const file of this.#open) {
      this.#append(file);
      this.#setRoom(file.number, 0, 0);
    }
  }

  /** The numbers are given anew. */
  forget(): void {
    this.appendAll();
    for (const file of this.#open) file.number = NO_NUMBER;
    this.#open = [];
  }

  #append(file: LaneAppender): void {
    const { bytes, words, exports } = this.#machine;
    const place = exports.FILES.value / 4 + file.number * 4;
    const used = words[place] as number;
    if (used === 0) return;
    const start = exports.OUTPUT.value + file.number * exports.OUTPUT_STEP.value;
    file.appendBytes(bytes.subarray(start, start + used), words[place + 2] as number);
    words[place] = 0;
    words[place + 2] = 0;
  }

  #setRoom(number: number, bytes: number, entries: number): void {
    const place = this.#machine.exports.FILES.value / 4 + number * 4;
    this.#machine.words[place + 1] = Math.min(bytes, 0x7fffffff);
    this.#machine.words[place + 3] = Math.min(entries, 0x7fffffff);
  }
}

/** A file that both ways append to. */
export class LaneAppender implements Appender {
  readonly spec: Spec;
  /** Of its buffer, once the lane writes to it. */
  number = NO_NUMBER;
  /** Whether the next entry is the long way's, whatever the lane knows of it. */
  isBlocked: () => boolean = () => false;
  readonly #appender: ByteAppender;
  readonly #files: LaneFiles;

  constructor(spec: Spec, appender: ByteAppender, files: LaneFiles) {
    this.spec = spec;
    this.#appender = appender;
    this.#files = files;
  }

  append(text: string, entries: number): void {
    this.#files.beforeLong(this, text, entries);
    this.#appender.append(text, entries);
  }

  appendBytes(bytes: Uint8Array, entries: number): void {
    this.#appender.appendBytes(bytes, entries);
  }

  room(): { readonly bytes: number; readonly entries: number } {
    return this.#appender.room();
  }
}
