import type { Machine } from "./machine.js";

/** Stands for the whole line in the place of a slot. */
export const WHOLE_LINE = 0xff;

/**
 * What is asked about lines of one shape: lines with the same answers have the same fate (assembly/questions.ts). `words`: which of them a
 * text holds, in lower case and ASCII; `bounds`: where a number stands among them, in rising order.
 */
export interface Question {
  readonly slot: number;
  readonly kind: "value" | "words" | "rank";
  readonly words: readonly string[];
  readonly bounds: readonly number[];
}

const KINDS = { value: 1, words: 2, rank: 3 } as const;

/** Puts questions into the module's memory; gives their address, 0 when there is no room. */
export function encodeQuestions(machine: Machine, questions: readonly Question[]): number {
  const { words, exports } = machine;
  const start = exports.take(8 + questions.length * 16);
  if (start === 0) return 0;
  words[start / 4] = questions.length;
  for (const [at, { slot, kind, ...more }] of questions.entries()) {
    const place = start / 4 + 2 + at * 4;
    const address = kind === "words" ? putWords(machine, more.words) : putBounds(machine, more.bounds);
    if (address === 0) return 0;
    words.set([slot, KINDS[kind], address, kind === "words" ? more.words.length : more.bounds.length], place);
  }
  return start;
}

function putWords({ bytes, words, exports }: Machine, texts: readonly string[]): number {
  const start = exports.take(texts.length * 8);
  for (const [at, text] of texts.entries()) {
    const address = exports.take(text.length);
    if (start === 0 || address === 0) return 0;
    bytes.write(text, address, "latin1");
    words.set([address, text.length], start / 4 + at * 2);
  }
  return start;
}

function putBounds({ doubles, exports }: Machine, bounds: readonly number[]): number {
  const start = exports.take(bounds.length * 8);
  if (start !== 0) doubles.set(bounds, start / 8);
  return start;
}
