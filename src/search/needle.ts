import { eachMatch } from "./finder/by-pattern.js";
import { Finder } from "./finder/finder.js";
import type { TextTerm } from "./terms.js";
import { asStored, CASELESS } from "./text-test.js";

const LINE_END = 0x0a;

/**
 * Finds the lines that may hold a text in the bytes of a file, before any of them is decoded. It finds every line that holds the text and
 * some that do not: whole words and the rest of the query are asked about afterwards.
 */
export class Needle {
  readonly #bytes: Buffer;
  readonly #finder: Finder | undefined;

  private constructor(text: string) {
    this.#bytes = Buffer.from(text, "utf8");
    this.#finder = Finder.of(this.#bytes);
  }

  /** Of the longest text that every line must hold; undefined where there is none to look for. */
  static of(required: readonly TextTerm[]): Needle | undefined {
    const runs = required.flatMap(({ text }) => asStored(text, "json").match(FIXED_RUN) ?? []);
    const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), "");
    return longest === "" ? undefined : new Needle(longest);
  }

  /** Calls back with the borders of each line among `bytes`, which are whole lines. */
  eachLine(bytes: Buffer, visit: (start: number, end: number) => void): void {
    if (this.#finder === undefined) eachMatch(this.#bytes, bytes, visit);
    else this.#finder.eachLine(bytes, visit);
  }
}

/** What has the same bytes in capitals, but for ASCII's own letters. */
const FIXED_RUN = new RegExp(`(?:[ -~]|${CASELESS})+`, "gu");

/** All lines, where nothing is required of their bytes. */
export function eachLine(bytes: Buffer, visit: (start: number, end: number) => void): void {
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(LINE_END, start);
    const end = found < 0 ? bytes.length : found;
    visit(start, end);
    start = end + 1;
  }
}
