import fc from "fast-check";
import type { StreamIndex } from "../../src/sources/position.js";
import type { Printed } from "./engine-log.js";

/** Lengths at which the engine changes what it does, and ordinary ones. */
const lengths = fc.oneof(
  { weight: 6, arbitrary: fc.nat({ max: 200 }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(0, 1, 16_382, 16_383, 16_384, 16_385, 32_767, 32_768, 32_769, 40_000),
  },
);

const alphabets = fc.constantFrom(
  "a",
  "xyz ",
  "ä",
  "€uro",
  "😀🙂",
  "\x1b[31mé",
  "日本語テキスト",
  "a\rb",
  "\t\0",
);

/** Bytes of a line: text of one to four bytes a character, sometimes with bytes that are no UTF-8, never a newline. */
export const lineBytes: fc.Arbitrary<Buffer> = fc
  .record({ length: lengths, alphabet: alphabets, broken: fc.boolean(), at: fc.nat(), cr: fc.boolean() })
  .map(({ length, alphabet, broken, at, cr }) => {
    const bytes = Buffer.alloc(length, alphabet);
    if (broken && length > 0) bytes[at % length] = 0xff;
    if (cr && length > 0) bytes[length - 1] = 13;
    return bytes;
  });

export const streams: fc.Arbitrary<StreamIndex> = fc.constantFrom<StreamIndex>(0, 1);

const START_NS = 1_790_000_000_000_000_000n;

export function timeAt(ns: bigint): string {
  const whole = START_NS + ns;
  const ms = whole / 1_000_000n;
  return `${new Date(Number(ms)).toISOString().slice(0, 20)}${String(whole % 1_000_000_000n).padStart(9, "0")}Z`;
}

/** Lines with rising times. */
export const printedLines: fc.Arbitrary<Printed[]> = fc
  .array(fc.record({ stream: streams, bytes: lineBytes, step: fc.integer({ min: 1, max: 2_000_000_000 }) }), {
    maxLength: 12,
  })
  .map((steps) => {
    let ns = 0n;
    return steps.map(({ stream, bytes, step }) => {
      ns += BigInt(step);
      return { ts: timeAt(ns), stream, bytes, ended: true };
    });
  });

/** Distances between chunk borders: mostly small, so that headers are torn too. */
export const borders: fc.Arbitrary<number[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 40 }) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 20_000 }) },
  ),
  { maxLength: 60 },
);
