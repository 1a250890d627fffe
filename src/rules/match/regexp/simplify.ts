import { type RegexNode, type SetNode, singleLetter } from "./syntax.js";

/**
 * The smallest pattern that matches the same texts somewhere: sequences flattened, choices of single characters
 * made one set, and repetition at the outer ends cut to its least, since whatever goes before or behind a match
 * does not matter to an unanchored search (`a.*` finds what `a` finds, `\w+:` what `\w:` finds).
 */
export function simplifyRegex(node: RegexNode): RegexNode {
  return trim(trim(flatten(node), "front"), "behind");
}

const EMPTY: RegexNode = { kind: "sequence", items: [] };

function flatten(node: RegexNode): RegexNode {
  switch (node.kind) {
    case "sequence": {
      const items = node.items
        .map(flatten)
        .flatMap((item) => (item.kind === "sequence" ? item.items : [item]));
      return items.length === 1 ? items[0]! : { kind: "sequence", items };
    }
    case "choice": {
      const items = node.items.map(flatten).flatMap((item) => (item.kind === "choice" ? item.items : [item]));
      return mergeSets(items) ?? { kind: "choice", items };
    }
    case "repeat": {
      const item = flatten(node.item);
      if (node.most === 0 || isEmpty(item)) return EMPTY;
      if (node.least === 1 && node.most === 1) return item;
      // (x*)* and its like say no more than x*, and would multiply the ways to match the same text.
      if (item.kind === "repeat" && item.most === Number.POSITIVE_INFINITY && item.least <= 1) {
        if (node.least <= 1 || item.least === 0) {
          return { ...item, least: Math.min(item.least, node.least) };
        }
      }
      return { kind: "repeat", item, least: node.least, most: node.most };
    }
    default:
      return node;
  }
}

function isEmpty(node: RegexNode): boolean {
  return node.kind === "sequence" && node.items.length === 0;
}

function mergeSets(items: readonly RegexNode[]): SetNode | undefined {
  const sets = items.filter((item) => item.kind === "set");
  const first = sets[0];
  if (first === undefined || sets.length < items.length) return undefined;
  if (sets.some((set) => set.negated || set.ignoreCase !== first.ignoreCase)) return undefined;
  return {
    ...first,
    ranges: sets.flatMap((set) => set.ranges),
    properties: sets.flatMap((set) => set.properties),
  };
}

function trim(node: RegexNode, side: "front" | "behind"): RegexNode {
  switch (node.kind) {
    case "repeat": {
      if (node.least === 0) return EMPTY;
      if (node.least === 1) return trim(node.item, side);
      return { ...node, most: node.least };
    }
    case "choice":
      return { kind: "choice", items: node.items.map((item) => trim(item, side)) };
    case "sequence": {
      const items = [...node.items];
      while (items.length > 0) {
        const at = side === "front" ? 0 : items.length - 1;
        const trimmed = trim(items[at]!, side);
        if (!isEmpty(trimmed)) {
          items[at] = trimmed;
          break;
        }
        items.splice(at, 1);
      }
      return flatten({ kind: "sequence", items });
    }
    default:
      return node;
  }
}

/** Literals that a match must hold: one of `texts`. Undefined when nothing can be said. */
export interface RequiredTexts {
  readonly texts: readonly string[];
  readonly shortest: number;
}

const MOST_TEXTS = 32;

/**
 * The most telling texts of which every match holds at least one. With `caseMatters` letters that ignore case
 * end a text; without, the texts are good only against text whose case is folded, and letters outside ASCII that
 * ignore case end them (their folding is richer than the product's).
 */
export function requiredTexts(node: RegexNode, caseMatters: boolean): RequiredTexts | undefined {
  switch (node.kind) {
    case "set": {
      const letter = requiredLetter(node, caseMatters);
      return letter === undefined ? undefined : { texts: [letter], shortest: 1 };
    }
    case "repeat":
      return node.least > 0 ? requiredTexts(node.item, caseMatters) : undefined;
    case "choice": {
      const each = node.items.map((item) => requiredTexts(item, caseMatters));
      const texts = each.flatMap((item) => item?.texts ?? []);
      if (each.includes(undefined) || texts.length > MOST_TEXTS) return undefined;
      return { texts, shortest: Math.min(...texts.map((text) => text.length)) };
    }
    case "sequence":
      return requiredOfSequence(node.items, caseMatters);
    case "edge":
      return undefined;
  }
}

function requiredOfSequence(items: readonly RegexNode[], caseMatters: boolean): RequiredTexts | undefined {
  let best: RequiredTexts | undefined;
  let run = "";
  const consider = (found: RequiredTexts | undefined): void => {
    if (found !== undefined && found.shortest > (best?.shortest ?? 0)) best = found;
  };
  for (const item of items) {
    const letter = item.kind === "set" ? requiredLetter(item, caseMatters) : undefined;
    if (letter !== undefined) {
      run += letter;
      continue;
    }
    if (run !== "") consider({ texts: [run], shortest: run.length });
    // A place between characters does not part the letters around it.
    if (item.kind === "edge") continue;
    run = "";
    consider(requiredTexts(item, caseMatters));
  }
  if (run !== "") consider({ texts: [run], shortest: run.length });
  return best;
}

function requiredLetter(node: SetNode, caseMatters: boolean): string | undefined {
  const letter = singleLetter(node);
  if (letter === undefined || !node.ignoreCase) return letter;
  return caseMatters && letter.toLowerCase() !== letter.toUpperCase()
    ? undefined
    : letter.codePointAt(0)! < 128
      ? letter
      : undefined;
}
