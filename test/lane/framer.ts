import { randomFrom } from "./random-lines.js";

/** What an engine makes of a longer line: several messages. */
const PIECE_BYTES = 16_384;
const NEWLINE = 10;

/** Makes frames of lines, as an engine sends them: of two streams, with its times, which are not always later. */
export class Framer {
  readonly #random: () => number;
  #ns: bigint;
  #carry = Buffer.alloc(0);
  #stream = 1;

  constructor(seed: number, startMs: number) {
    this.#random = randomFrom(seed);
    this.#ns = BigInt(startMs) * 1_000_000n;
  }

  /** Time goes by. */
  pass(ms: number): void {
    this.#ns += BigInt(ms) * 1_000_000n;
  }

  /** The frames of all lines that end in the bytes; what is behind them stands before the next ones. */
  frame(bytes: Buffer): Buffer {
    const all = Buffer.concat([this.#carry, bytes]);
    const frames: Buffer[] = [];
    let from = 0;
    for (let end = all.indexOf(NEWLINE); end >= 0; end = all.indexOf(NEWLINE, from)) {
      frames.push(...this.#message(all.subarray(from, end + 1)));
      from = end + 1;
    }
    this.#carry = all.subarray(from);
    return Buffer.concat(frames);
  }

  #message(line: Buffer): Buffer[] {
    const chance = this.#random();
    if (chance < 0.9) this.#ns += BigInt(Math.floor(this.#random() * 3_000));
    else if (chance < 0.91) this.#ns += BigInt(Math.floor(this.#random() * 40_000_000_000));
    else if (chance < 0.92) this.#ns -= 1_000_000n;
    if (this.#random() < 0.05) this.#stream = 3 - this.#stream;
    const pieces: Buffer[] = [];
    for (let at = 0; at < line.length; at += PIECE_BYTES)
      pieces.push(this.#frame(line.subarray(at, at + PIECE_BYTES)));
    return pieces;
  }

  #frame(payload: Buffer): Buffer {
    const fraction = String(this.#ns % 1_000_000_000n).padStart(9, "0");
    const second = new Date(Number(this.#ns / 1_000_000n)).toISOString().slice(0, 19);
    const text = Buffer.concat([Buffer.from(`${second}.${fraction}Z `), payload]);
    const head = Buffer.from([this.#stream, 0, 0, 0, 0, 0, 0, 0]);
    head.writeUInt32BE(text.length, 4);
    return Buffer.concat([head, text]);
  }
}
