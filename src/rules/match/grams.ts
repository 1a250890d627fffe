/** Calls back with each literal that a text holds; a literal may be reported more than once. */
export type LiteralScan = (text: string, found: (literal: number) => void) => void;

/** Up to this many literals, searching for each in turn is faster than scans for all. */
const FEW = 6;

/** Letters of a literal that a scan looks for: three, or all of a shorter one. */
const LONGEST_GRAM = 3;

/** Bits of a gram's hash. */
const HASH_BITS = 14;

interface Occurrence {
  readonly literal: number;
  readonly text: string;
  /** Where in the literal the gram stands. */
  readonly offset: number;
}

/** By hash of a gram: the literals that it stands for. */
type GramTable = (readonly Occurrence[] | undefined)[];

/**
 * A search for many literals at once: each is represented by the three of its letters that the fewest others share,
 * the text's own triples are looked up in a table, and only where one is known the literal is compared. The time
 * depends on the text, hardly on the number of literals.
 */
export function compileLiteralScan(literals: readonly string[]): LiteralScan {
  if (literals.length <= FEW) {
    return (text, found) => {
      for (let at = 0; at < literals.length; at++) if (text.includes(literals[at]!)) found(at);
    };
  }
  const scans: LiteralScan[] = [];
  for (let size = 1; size <= LONGEST_GRAM; size++) {
    const fitting = Array.from(literals, (text, literal) => ({ literal, text })).filter(
      ({ text }) => text.length === size || (size === LONGEST_GRAM && text.length > size),
    );
    if (fitting.length > 0) scans.push(scanGrams(size, buildTable(fitting, size)));
  }
  return (text, found) => {
    for (let at = 0; at < scans.length; at++) scans[at]!(text, found);
  };
}

function scanGrams(size: number, table: GramTable): LiteralScan {
  return (text, found) => {
    let first = 0;
    let second = size === 1 ? 0 : text.charCodeAt(0);
    if (size === 3) [first, second] = [second, text.charCodeAt(1)];
    for (let end = size - 1; end < text.length; end++) {
      const third = text.charCodeAt(end);
      const known = table[hashOf(first, second, third)];
      if (known !== undefined) {
        for (let at = 0; at < known.length; at++) {
          const { literal, text: whole, offset } = known[at]!;
          if (text.startsWith(whole, end - size + 1 - offset)) found(literal);
        }
      }
      if (size === 3) first = second;
      if (size > 1) second = third;
    }
  };
}

function buildTable(
  literals: readonly { readonly literal: number; readonly text: string }[],
  size: number,
): GramTable {
  const frequency = new Map<number, number>();
  for (const { text } of literals) {
    for (const hash of new Set(gramsOf(text, size))) frequency.set(hash, (frequency.get(hash) ?? 0) + 1);
  }
  const table = new Array<Occurrence[] | undefined>(1 << HASH_BITS).fill(undefined);
  for (const { literal, text } of literals) {
    const grams = gramsOf(text, size);
    let offset = 0;
    for (const [at, hash] of grams.entries()) {
      if (frequency.get(hash)! < frequency.get(grams[offset]!)!) offset = at;
    }
    const hash = grams[offset]!;
    table[hash] ??= [];
    table[hash].push({ literal, text, offset });
  }
  return table;
}

/** The hashes of all runs of `size` letters; the letters that a shorter run lacks in front count as 0. */
function gramsOf(text: string, size: number): number[] {
  return Array.from({ length: text.length - size + 1 }, (_, at) => {
    const letter = (back: number): number => (back < size ? text.charCodeAt(at + size - 1 - back) : 0);
    return hashOf(letter(2), letter(1), letter(0));
  });
}

function hashOf(first: number, second: number, third: number): number {
  const mixed = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b) ^ Math.imul(third, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 15)) & ((1 << HASH_BITS) - 1);
}
