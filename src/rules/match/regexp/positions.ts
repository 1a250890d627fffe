import { type Edge, PatternError, type RegexNode, type SetNode } from "./syntax.js";

/** A bit for each kind of place; a step may ask for several to hold at once. */
export const EDGE_BITS: Readonly<Record<Edge, number>> = {
  textStart: 1,
  textEnd: 2,
  lineStart: 4,
  lineEnd: 8,
  word: 16,
  notWord: 32,
  lastEnd: 64,
};

/** A position and the edges that must hold where it is entered or left. */
export interface Step {
  readonly position: number;
  readonly edges: number;
}

/**
 * Glushkov's automaton of a pattern: one position for each character set in it (copies of counted ones counted),
 * no empty moves. V. M. Glushkov, "The abstract theory of automata", 1961; edges added as conditions of steps.
 */
export interface Positions {
  readonly sets: readonly SetNode[];
  readonly first: readonly Step[];
  readonly last: readonly Step[];
  /** By position: where a match can go on. */
  readonly follow: readonly (readonly Step[])[];
  /** The edges under which the empty text matches; 0 in it: always. */
  readonly empty: readonly number[];
}

interface Part {
  readonly first: readonly Step[];
  readonly last: readonly Step[];
  readonly empty: readonly number[];
}

const MOST_POSITIONS = 4000;
const MOST_STEPS = 400_000;

/** Builds the automaton; throws PatternError when it would be too large. */
export function buildPositions(node: RegexNode): Positions {
  const size = count(node);
  if (size > MOST_POSITIONS) {
    throw new PatternError(
      `with its counts written out the pattern has ${size} characters, more than ${MOST_POSITIONS}`,
      0,
    );
  }
  const builder = new Builder();
  const part = builder.build(node);
  return { sets: builder.sets, follow: builder.follow.map((steps) => thin(steps)), ...part };
}

function count(node: RegexNode): number {
  switch (node.kind) {
    case "set":
      return 1;
    case "edge":
      return 0;
    case "repeat":
      return count(node.item) * copies(node.least, node.most);
    default:
      return node.items.reduce((sum, item) => sum + count(item), 0);
  }
}

function copies(least: number, most: number): number {
  return most === Number.POSITIVE_INFINITY ? Math.max(least, 1) : most;
}

class Builder {
  readonly sets: SetNode[] = [];
  readonly follow: Step[][] = [];
  private steps = 0;

  build(node: RegexNode): Part {
    switch (node.kind) {
      case "set": {
        const step = { position: this.sets.length, edges: 0 };
        this.sets.push(node);
        this.follow.push([]);
        return { first: [step], last: [step], empty: [] };
      }
      case "edge":
        return { first: [], last: [], empty: [EDGE_BITS[node.edge]] };
      case "sequence":
        return node.items.reduce((part: Part, item) => this.join(part, this.build(item)), EMPTY_TEXT);
      case "choice": {
        const parts = node.items.map((item) => this.build(item));
        return {
          first: parts.flatMap((part) => part.first),
          last: parts.flatMap((part) => part.last),
          empty: thinMasks(parts.flatMap((part) => part.empty)),
        };
      }
      case "repeat":
        return this.repeat(node.item, node.least, node.most);
    }
  }

  private repeat(item: RegexNode, least: number, most: number): Part {
    const parts = Array.from({ length: copies(least, most) }, () => this.build(item));
    const endless = most === Number.POSITIVE_INFINITY;
    if (endless) {
      const loop = parts[parts.length - 1]!;
      this.connect(loop, loop);
    }
    // From the back: each copy that need not be there makes all behind it optional too.
    let whole = EMPTY_TEXT;
    for (let at = parts.length - 1; at >= 0; at--) {
      whole = this.join(parts[at]!, whole);
      if (at >= least) whole = { ...whole, empty: [0] };
    }
    return whole;
  }

  private join(left: Part, right: Part): Part {
    this.connect(left, right);
    return {
      first: [...left.first, ...withEdges(right.first, left.empty)],
      last: [...right.last, ...withEdges(left.last, right.empty)],
      empty: thinMasks(left.empty.flatMap((a) => right.empty.map((b) => a | b))),
    };
  }

  private connect(left: Part, right: Part): void {
    this.steps += left.last.length * right.first.length;
    if (this.steps > MOST_STEPS) throw new PatternError("the pattern repeats repetitions too often", 0);
    for (const from of left.last) {
      for (const to of right.first) {
        this.follow[from.position]!.push({ position: to.position, edges: from.edges | to.edges });
      }
    }
  }
}

const EMPTY_TEXT: Part = { first: [], last: [], empty: [0] };

function withEdges(steps: readonly Step[], masks: readonly number[]): readonly Step[] {
  if (masks.length === 1 && masks[0] === 0) return steps;
  return masks.flatMap((mask) =>
    steps.map((step) => ({ position: step.position, edges: step.edges | mask })),
  );
}

/** Leaves out steps that ask for more than another one to the same position. */
function thin(steps: readonly Step[]): Step[] {
  const masks = new Map<number, number[]>();
  for (const step of steps) {
    const known = masks.get(step.position);
    if (known === undefined) masks.set(step.position, [step.edges]);
    else known.push(step.edges);
  }
  return [...masks].flatMap(([position, edges]) =>
    thinMasks(edges).map((mask) => ({ position, edges: mask })),
  );
}

function thinMasks(masks: readonly number[]): number[] {
  const distinct = [...new Set(masks)];
  return distinct.filter((mask) => !distinct.some((other) => other !== mask && (other & mask) === other));
}
