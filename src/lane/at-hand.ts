import type { LaneBatch } from "../core/lane.js";
import type { Machine } from "./machine.js";
import type { Slot } from "./slots.js";
import type { LessonLine } from "./teacher.js";

const TIME_CHARS = 30;
/** From so many lines of a batch on that are asked for as text, all of it is decoded at once: a call of the system's for each costs more. */
const FEW = 2;

/** The line at hand as text. */
export class AtHand {
  readonly #machine: Machine;
  #start = 0;
  #end = 0;
  #asked = 0;
  /** The whole batch, one character a byte. */
  #batch: string | undefined;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Another batch stands between the two addresses. */
  begin(start: number, end: number): void {
    this.#start = start;
    this.#end = end;
    this.#asked = 0;
    this.#batch = undefined;
  }

  get ts(): string {
    const { bytes, exports } = this.#machine;
    return bytes.toString("latin1", exports.TIME.value, exports.TIME.value + TIME_CHARS);
  }

  get text(): string {
    const { bytes, exports } = this.#machine;
    const encoding = exports.isHigh.value ? "utf8" : "latin1";
    return bytes.toString(encoding, exports.lineAt.value, exports.newlineAt.value);
  }

  /** With its newline, one character a byte. */
  get raw(): string {
    const { bytes, exports } = this.#machine;
    const [from, to] = [exports.lineAt.value, exports.newlineAt.value + 1];
    this.#asked += 1;
    if (this.#asked <= FEW) return bytes.toString("latin1", from, to);
    this.#batch ??= bytes.toString("latin1", this.#start, this.#end);
    return this.#batch.substring(from - this.#start, to - this.#start);
  }

  /** What can be learned from; undefined where its values can't be told apart, or it has none. */
  lesson({ container, stream }: LaneBatch, slots: readonly Slot[] | undefined): LessonLine | undefined {
    if (slots === undefined || slots.length === 0) return undefined;
    return { container, stream, ts: this.ts, text: this.text, slots };
  }
}
