import { type Edge, type RegexNode, type SetNode, singleLetter } from "./syntax.js";

/**
 * The steps that V8 may spend at one place of a text on one pattern. V8 tries a pattern at every place, so this
 * many steps times the length of the line is the worst case: 64 KiB in about 30 ms.
 */
const MOST_STEPS = 256;

/** None may hold inside a surrogate pair, where V8 looks too: there `\B`, `(?<![^\n])` and `(?![^\n])` are true. */
const EDGES: Readonly<Record<Edge, string>> = {
  textStart: "^",
  textEnd: "$",
  lastEnd: "(?=\\n?$)",
  lineStart: "(?:^|(?<=\\n)(?=[^]))",
  lineEnd: "(?=$|\\n)",
  word: "\\b",
  notWord: "\\B(?=[^]|$)",
};

/**
 * The pattern as a RegExp of V8, which backtracks, when that can't hurt: no loop without an end, and few ways to
 * match at one place. Undefined otherwise. Case must be ignored throughout or nowhere.
 */
export function nativeRegExp(node: RegexNode): RegExp | undefined {
  if (work(node).steps > MOST_STEPS) return undefined;
  const cases = new Set<boolean>();
  collectCases(node, cases);
  if (cases.size > 1) return undefined;
  return new RegExp(source(node), cases.has(true) ? "iu" : "u");
}

/** One set as V8 writes it. */
export function setSource(set: SetNode): string {
  const ranges = set.ranges.map(([low, high]) =>
    low === high ? point(low) : `${point(low)}-${point(high)}`,
  );
  return `[${set.negated ? "^" : ""}${ranges.join("")}${set.properties.join("")}]`;
}

function point(code: number): string {
  return `\\u{${code.toString(16)}}`;
}

function source(node: RegexNode): string {
  switch (node.kind) {
    case "set": {
      const letter = singleLetter(node);
      return letter !== undefined && /[\w \-:,;"'`~!@#%&=<>]/.test(letter) ? letter : setSource(node);
    }
    case "edge":
      return EDGES[node.edge];
    case "sequence":
      return node.items.map(source).join("");
    case "choice":
      return `(?:${node.items.map(source).join("|")})`;
    case "repeat":
      return `(?:${source(node.item)}){${node.least},${node.most}}`;
  }
}

/** How many ways a node can match at one place, and how many steps trying them all takes at most. */
function work(node: RegexNode): { ways: number; steps: number } {
  switch (node.kind) {
    case "set":
    case "edge":
      return { ways: 1, steps: 1 };
    case "sequence": {
      let [ways, steps] = [1, 0];
      for (const item of node.items) {
        const inner = work(item);
        steps += ways * inner.steps;
        ways *= inner.ways;
      }
      return { ways, steps };
    }
    case "choice": {
      const inner = node.items.map(work);
      return {
        ways: inner.reduce((sum, item) => sum + item.ways, 0),
        steps: inner.reduce((sum, item) => sum + item.steps, 0),
      };
    }
    case "repeat": {
      if (node.most === Number.POSITIVE_INFINITY) return { ways: Infinity, steps: Infinity };
      const inner = work(node.item);
      let [ways, steps, reached] = [0, 0, 1];
      for (let copy = 0; copy <= node.most && steps <= MOST_STEPS; copy++) {
        if (copy >= node.least) ways += reached;
        if (copy < node.most) steps += reached * inner.steps;
        reached *= inner.ways;
      }
      return { ways, steps };
    }
  }
}

function collectCases(node: RegexNode, cases: Set<boolean>): void {
  if (node.kind === "set") {
    const caseless = node.ranges.every(([low, high]) => high < 65 || (low > 90 && high < 97));
    if (!caseless || node.properties.length > 0 || node.negated) cases.add(node.ignoreCase);
  } else if (node.kind === "sequence" || node.kind === "choice") {
    for (const item of node.items) collectCases(item, cases);
  } else if (node.kind === "repeat") collectCases(node.item, cases);
}
