import type { Machine } from "./machine.js";

/** Stands for the whole line in the place of a slot. */
export const WHOLE_LINE = 0xff;

/**
 * What is asked about lines of one shape: lines with the same answers have the same fate (assembly/questions.ts). `words`: whether a text
 * holds one of them (`members`: is one of them), in lower case and ASCII; `bounds`: where a number stands among them, in rising order.
 */
export interface Question {
  readonly slot: number;
  readonly kind: "value" | "words" | "members" | "rank";
  readonly words: readonly string[];
  readonly bounds: readonly number[];
}

const KINDS = { value: 1, words: 2, rank: 3, members: 4 } as const;
/** The address of what there is no room for. */
const NONE = 0;

/** Where something stands in the module's memory, and how much of it. */
interface Place {
  readonly address: number;
  /** The number of words or bounds, or the mask of a table. */
  readonly size: number;
}

/** Questions in the module's memory. Tables of words are shared by the shapes that ask for the same ones. */
export class QuestionBook {
  readonly #machine: Machine;
  readonly #tables = new Map<string, Place>();

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Gives their address, 0 when there is no room. */
  encode(questions: readonly Question[]): number {
    const { words, exports } = this.#machine;
    const start = exports.take(8 + questions.length * 16);
    if (start === NONE) return NONE;
    words[start / 4] = questions.length;
    for (const [at, question] of questions.entries()) {
      const { address, size } = this.#put(question);
      if (address === NONE) return NONE;
      words.set([question.slot, KINDS[question.kind], address, size], start / 4 + 2 + at * 4);
    }
    return start;
  }

  /** The module's memory was emptied. */
  forget(): void {
    this.#tables.clear();
  }

  #put({ kind, words, bounds }: Question): Place {
    switch (kind) {
      case "words":
        return putWords(this.#machine, words);
      case "members":
        return this.#tableOf(words);
      default:
        return putBounds(this.#machine, bounds);
    }
  }

  #tableOf(words: readonly string[]): Place {
    const key = words.join("\n");
    const known = this.#tables.get(key);
    if (known !== undefined) return known;
    const table = putTable(this.#machine, words);
    if (table.address !== NONE) this.#tables.set(key, table);
    return table;
  }
}

function putWords({ bytes, words, exports }: Machine, texts: readonly string[]): Place {
  const start = exports.take(texts.length * 8);
  for (const [at, text] of texts.entries()) {
    const address = exports.take(text.length);
    if (start === NONE || address === NONE) return { address: NONE, size: 0 };
    bytes.write(text, address, "latin1");
    words.set([address, text.length], start / 4 + at * 2);
  }
  return { address: start, size: texts.length };
}

/** A table of words (assembly/members.ts), half empty, and all their bytes in a row. */
function putTable({ bytes, words, exports }: Machine, texts: readonly string[]): Place {
  const entries = 2 ** Math.ceil(Math.log2(texts.length * 2));
  const table = exports.take(entries * 8);
  let address = exports.take(texts.reduce((length, text) => length + text.length, 0));
  if (table === NONE || address === NONE) return { address: NONE, size: 0 };
  words.fill(0, table / 4, table / 4 + entries * 2);
  for (const text of texts) {
    bytes.write(text, address, "latin1");
    exports.addMember(table, entries - 1, address, text.length);
    address += text.length;
  }
  return { address: table, size: entries - 1 };
}

function putBounds({ doubles, exports }: Machine, bounds: readonly number[]): Place {
  const start = exports.take(bounds.length * 8);
  if (start !== NONE) doubles.set(bounds, start / 8);
  return { address: start, size: bounds.length };
}
