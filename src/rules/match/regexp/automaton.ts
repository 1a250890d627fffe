import { type SparseBits, setBit, sparseBits } from "./bits.js";
import { CharacterClasses } from "./classes.js";
import { buildPositions, EDGE_BITS, type Positions, type Step } from "./positions.js";
import { PatternError, type RegexNode } from "./syntax.js";

/** Steps that the automaton may take for one character, whatever the text: 64 KiB stay below 50 ms. */
const MOST_WORK = 320;

/** Positions that lead to the same others under the same edges: when one of `from` is active, `to` is next. */
export interface Jump {
  readonly edges: number;
  readonly from: SparseBits;
  readonly to: SparseBits;
}

/** A pattern's automaton with one bit a position, ready to be run. */
export interface Machine {
  readonly words: number;
  /** Positions entered from the one before, and positions entered from themselves: most steps of most patterns. */
  readonly shift: Int32Array;
  readonly stay: Int32Array;
  readonly jumps: readonly Jump[];
  readonly starts: readonly Jump[];
  /** Positions that end a match, whatever stands behind. */
  readonly accept: Int32Array;
  /** Positions that end a match before certain edges. */
  readonly acceptAt: readonly Jump[];
  /** Edges where the empty text matches. */
  readonly empty: readonly number[];
  /** Whether edges inside the text (of lines and words) matter at all. */
  readonly innerEdges: boolean;
  /** Whether a match can begin at the start of the text only. */
  readonly onlyAtStart: boolean;
  readonly classes: CharacterClasses;
}

/** Builds the machine of a pattern; undefined when it matches every text. Throws PatternError when it is too large. */
export function buildMachine(node: RegexNode): Machine | undefined {
  const positions = buildPositions(node);
  if (positions.empty.includes(0)) return undefined;
  const words = Math.ceil(positions.sets.length / 32) || 1;
  const shift = new Int32Array(words);
  const stay = new Int32Array(words);
  const jumps = buildJumps(positions, shift, stay);
  const work = jumps.reduce((sum, jump) => sum + jump.from.at.length + jump.to.at.length, words * 4);
  if (work > MOST_WORK) {
    throw new PatternError(
      `the pattern needs ${work} steps for each character where ${MOST_WORK} are allowed; ` +
        "use smaller counts or fewer repeated groups",
      0,
    );
  }
  const accept = new Int32Array(words);
  for (const step of positions.last) if (step.edges === 0) setBit(accept, step.position);
  const all = [...positions.first, ...positions.last, ...positions.follow.flat()].map((step) => step.edges);
  const outer = EDGE_BITS.textStart | EDGE_BITS.textEnd;
  const begins = [...positions.first.map((step) => step.edges), ...positions.empty];
  return {
    words,
    shift,
    stay,
    jumps,
    starts: byEdges(positions.first, words),
    accept,
    acceptAt: byEdges(
      positions.last.filter((step) => step.edges !== 0),
      words,
    ),
    empty: positions.empty,
    innerEdges: [...all, ...positions.empty].some((edges) => (edges & ~outer) !== 0),
    onlyAtStart: begins.every((edges) => (edges & EDGE_BITS.textStart) !== 0),
    classes: new CharacterClasses(positions, words),
  };
}

/** Sorts the steps into shifts, stays and jumps; jumps with the same ends are one. */
function buildJumps(positions: Positions, shift: Int32Array, stay: Int32Array): Jump[] {
  const groups = new Map<string, { edges: number; from: number[]; to: number[] }>();
  for (const [from, steps] of positions.follow.entries()) {
    const others = new Map<number, number[]>();
    for (const { position, edges } of steps) {
      // Between two characters of a text neither its start nor its end can be.
      if ((edges & (EDGE_BITS.textStart | EDGE_BITS.textEnd)) !== 0) continue;
      if (edges === 0 && position === from + 1) setBit(shift, position);
      else if (edges === 0 && position === from) setBit(stay, position);
      else {
        const known = others.get(edges);
        if (known === undefined) others.set(edges, [position]);
        else known.push(position);
      }
    }
    for (const [edges, to] of others) {
      const key = `${edges}:${to.sort((a, b) => a - b).join(",")}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { edges, from: [from], to });
      else group.from.push(from);
    }
  }
  return [...groups.values()].map((group) => ({
    edges: group.edges,
    from: sparseBits(group.from, shift.length),
    to: sparseBits(group.to, shift.length),
  }));
}

/** One jump for each combination of edges; `from` and `to` are both the steps' positions. */
function byEdges(steps: readonly Step[], words: number): Jump[] {
  return [...new Set(steps.map((step) => step.edges))].map((edges) => {
    const at = steps.filter((step) => step.edges === edges).map((step) => step.position);
    const bits = sparseBits(at, words);
    return { edges, from: bits, to: bits };
  });
}
