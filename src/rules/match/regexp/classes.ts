import { addBits, type SparseBits, setBit, sparseBits } from "./bits.js";
import { setSource } from "./native.js";
import type { Positions } from "./positions.js";

/** Characters outside ASCII whose class is remembered. */
const REMEMBERED = 4096;

export const NEWLINE = 1;
export const WORD = 2;

/** Characters that a pattern can't tell apart share a class; each class knows the positions that accept it. */
export class CharacterClasses {
  /** By class: the positions that accept it. */
  readonly rows: Int32Array[] = [];
  /** By class: NEWLINE, WORD. */
  readonly traits: number[] = [];
  /** By class: whether a match can start with it. */
  readonly canStart: boolean[] = [];
  private readonly ascii = new Int32Array(128);
  private readonly others = new Map<number, number>();
  private readonly known = new Map<string, number>();
  private readonly members: readonly { readonly test: RegExp; readonly bits: SparseBits }[];
  private readonly starting: Int32Array;

  constructor(
    positions: Positions,
    private readonly words: number,
  ) {
    const bySource = new Map<string, { flags: string; source: string; at: number[] }>();
    for (const [position, set] of positions.sets.entries()) {
      const flags = set.ignoreCase ? "iu" : "u";
      const source = setSource(set);
      const known = bySource.get(flags + source);
      if (known === undefined) bySource.set(flags + source, { flags, source, at: [position] });
      else known.at.push(position);
    }
    // V8 decides about single characters, so that case and Unicode properties mean the same in both engines.
    this.members = [...bySource.values()].map(({ flags, source, at }) => ({
      test: new RegExp(`^${source}$`, flags),
      bits: sparseBits(at, words),
    }));
    this.starting = new Int32Array(words);
    for (const step of positions.first) setBit(this.starting, step.position);
    for (let code = 0; code < 128; code++) this.ascii[code] = this.classify(code);
  }

  /** The class of a code point. */
  of(code: number): number {
    if (code < 128) return this.ascii[code]!;
    const found = this.others.get(code);
    if (found !== undefined) return found;
    if (this.others.size >= REMEMBERED) this.others.clear();
    const kind = this.classify(code);
    this.others.set(code, kind);
    return kind;
  }

  private classify(code: number): number {
    const row = new Int32Array(this.words);
    const letter = String.fromCodePoint(code);
    for (const { test, bits } of this.members) if (test.test(letter)) addBits(row, bits);
    const traits = (code === 10 ? NEWLINE : 0) | (/[0-9A-Za-z_]/.test(letter) ? WORD : 0);
    const key = `${traits}:${row.join(",")}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    this.known.set(key, this.rows.length);
    this.traits.push(traits);
    this.canStart.push(row.some((bits, word) => (bits & this.starting[word]!) !== 0));
    return this.rows.push(row) - 1;
  }
}
