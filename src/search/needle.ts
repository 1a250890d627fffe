import type { TextTerm } from "./terms.js";
import { asStored } from "./text-test.js";

const LINE_END = 0x0a;
const SPECIAL = /[\\^$.*+?()[\]{}|/-]/g;

/**
 * Finds the lines that may hold a text in the bytes of a file, before any of them is decoded. It finds every line that holds the text and
 * some that do not: whole words and the rest of the query are asked about afterwards.
 */
export class Needle {
  readonly #pattern: RegExp;

  private constructor(text: string) {
    // One character a byte: no decoding, and the expression runs over plain bytes.
    const bytes = Buffer.from(text, "utf8").toString("latin1");
    this.#pattern = new RegExp(bytes.replace(SPECIAL, "\\$&"), "gi");
  }

  /** Of the longest text that every line must hold; undefined where there is none to look for. */
  static of(required: readonly TextTerm[]): Needle | undefined {
    const runs = required.flatMap(({ text }) => asStored(text, "json").match(FIXED_RUN) ?? []);
    const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), "");
    return longest === "" ? undefined : new Needle(longest);
  }

  /** Calls back with the borders of each line among `bytes`, which are whole lines. */
  eachLine(bytes: Buffer, visit: (start: number, end: number) => void): void {
    const text = bytes.toString("latin1");
    const pattern = this.#pattern;
    pattern.lastIndex = 0;
    for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
      const end = bytes.indexOf(LINE_END, found.index);
      const start = found.index === 0 ? 0 : bytes.lastIndexOf(LINE_END, found.index - 1) + 1;
      visit(start, end < 0 ? bytes.length : end);
      if (end < 0) return;
      pattern.lastIndex = end + 1;
    }
  }
}

/** Letters that have the same bytes in capitals but for ASCII's own: its signs, and letters of scripts without capitals. */
const FIXED_RUN = /(?:[ -~]|(?![\p{Lu}\p{Ll}\p{Lt}])[\u0080-\u{10ffff}])+/gu;

/** All lines, where nothing is required of their bytes. */
export function eachLine(bytes: Buffer, visit: (start: number, end: number) => void): void {
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(LINE_END, start);
    const end = found < 0 ? bytes.length : found;
    visit(start, end);
    start = end + 1;
  }
}
