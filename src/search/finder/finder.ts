import { loadWasm, type Shown, type WasmExports } from "../../core/wasm.js";

/** What the module gives (assembly/index.ts). Addresses are numbers. */
interface Exports extends WasmExports {
  readonly TEXT: Shown;
  readonly FOLDS: Shown;
  readonly MOST_TEXT: Shown;
  readonly INPUT: Shown;
  readonly MOST_INPUT: Shown;
  setText(bytes: number, a: number, b: number): void;
  find(from: number, end: number): number;
}

const LINE_END = 0x0a;
/** What makes a capital letter small. */
const FOLD = 0x20;

/** One for all searches: none leaves it before it has gone through its bytes. */
let module: { readonly exports: Exports; readonly memory: Buffer } | undefined;

/** Calls back with the borders of each line among bytes that holds a text, ASCII's letters in both cases; the bytes are whole lines. */
export class Finder {
  readonly #text: Buffer;
  readonly #folds: Buffer;
  /** The two bytes of the text that are compared first, once they are known. */
  #rarest: readonly [number, number] | undefined;

  private constructor(text: Buffer) {
    this.#folds = Buffer.from(text.map((byte) => (isLetter(byte) ? FOLD : 0)));
    this.#text = Buffer.from(text.map((byte) => (isLetter(byte) ? byte | FOLD : byte)));
  }

  /** `text` as its bytes stand in a file, at least one. Undefined where the module can't be had. */
  static of(text: Buffer): Finder | undefined {
    if (module === undefined) {
      const exports = loadWasm<Exports>("finder.wasm");
      if (exports === undefined) return undefined;
      module = { exports, memory: Buffer.from(exports.memory.buffer) };
    }
    // What holds a long text holds its beginning.
    return new Finder(text.subarray(0, module.exports.MOST_TEXT.value));
  }

  eachLine(bytes: Buffer, visit: (start: number, end: number) => void): void {
    const { exports, memory } = module!;
    const input = exports.INPUT.value;
    const step = exports.MOST_INPUT.value - this.#text.length;
    this.#setText(bytes);
    let lineEnd = -1;
    // Parts overlap by the text, so that it is seen whole where it stands across their border.
    for (let part = 0; part < bytes.length; part += step) {
      const end = Math.min(bytes.length, part + exports.MOST_INPUT.value);
      if (end <= lineEnd) continue;
      bytes.copy(memory, input, part, end);
      for (;;) {
        const found = exports.find(Math.max(0, lineEnd + 1 - part), end - part);
        if (found < 0) break;
        const start = lineStart(bytes, part + found);
        lineEnd = bytes.indexOf(LINE_END, part + found);
        if (lineEnd < 0) lineEnd = bytes.length;
        visit(start, lineEnd);
      }
    }
  }

  #setText(bytes: Buffer): void {
    const { exports, memory } = module!;
    this.#rarest ??= rarestOf(this.#text, bytes);
    this.#text.copy(memory, exports.TEXT.value);
    this.#folds.copy(memory, exports.FOLDS.value);
    exports.setText(this.#text.length, ...this.#rarest);
  }
}

function lineStart(bytes: Buffer, at: number): number {
  return at === 0 ? 0 : bytes.lastIndexOf(LINE_END, at - 1) + 1;
}

function isLetter(byte: number): boolean {
  const small = byte | FOLD;
  return small >= 0x61 && small <= 0x7a;
}

const SAMPLE_BYTES = 64 * 1024;

/** Places of the two bytes of a text that some bytes hold least of; the same one twice where there is no other. */
function rarestOf(text: Buffer, bytes: Buffer): readonly [number, number] {
  const counts = new Uint32Array(256);
  for (const byte of bytes.subarray(0, SAMPLE_BYTES)) counts[isLetter(byte) ? byte | FOLD : byte]! += 1;
  const places = [...text.keys()].sort((a, b) => counts[text[a]!]! - counts[text[b]!]!);
  const [first = 0] = places;
  return [first, places.find((at) => text[at] !== text[first]) ?? first];
}
