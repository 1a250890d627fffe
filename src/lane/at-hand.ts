import type { LaneBatch } from "../core/lane.js";
import type { Machine } from "./machine.js";
import type { Slot } from "./slots.js";
import type { LessonLine } from "./teacher.js";

const TIME_CHARS = 30;
/**
 * From so many lines of a batch on that are asked for as text, they are decoded together: a call into Node for each costs more. A block is small,
 * as whoever keeps a piece of a line keeps all of it in memory.
 */
const FEW = 2;
const BLOCK = 4096;

/** The line at hand as text. */
export class AtHand {
  readonly #machine: Machine;
  /** Where the batch ends. */
  #end = 0;
  #asked = 0;
  /** Some of its lines, one character a byte, and where they begin. */
  #block = "";
  #blockAt = 0;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Another batch stands in the module's memory, up to this address. */
  begin(end: number): void {
    this.#end = end;
    this.#asked = 0;
    this.#block = "";
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
    if (from < this.#blockAt || to > this.#blockAt + this.#block.length) {
      this.#blockAt = from;
      this.#block = bytes.toString("latin1", from, Math.max(to, Math.min(from + BLOCK, this.#end)));
    }
    return this.#block.substring(from - this.#blockAt, to - this.#blockAt);
  }

  /** What can be learned from; undefined where its values can't be told apart, or it has none. */
  lesson({ container, stream }: LaneBatch, slots: readonly Slot[] | undefined): LessonLine | undefined {
    if (slots === undefined || slots.length === 0) return undefined;
    return { container, stream, ts: this.ts, text: this.text, slots };
  }
}
