import type { RegexNode } from "./syntax.js";

/** Whether the pattern has a `$` that also holds before the line end that ends a text. */
export function hasLastEnd(node: RegexNode): boolean {
  if (node.kind === "edge") return node.edge === "lastEnd";
  if (node.kind === "repeat") return hasLastEnd(node.item);
  return node.kind !== "set" && node.items.some(hasLastEnd);
}

/** The same pattern for texts that do not end in a line end: `$` is the end of the text. */
export function withoutLastEnd(node: RegexNode): RegexNode {
  if (node.kind === "edge") return node.edge === "lastEnd" ? { kind: "edge", edge: "textEnd" } : node;
  if (node.kind === "repeat") return { ...node, item: withoutLastEnd(node.item) };
  return node.kind === "set" ? node : { ...node, items: node.items.map(withoutLastEnd) };
}
