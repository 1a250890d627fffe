import type { Decision, TaggedTarget, Target } from "../core/decision.js";
import { CATEGORIES } from "../core/record.js";
import type { Part } from "./part.js";
import { longer } from "./retention.js";
import { highest } from "./severity.js";

/** The parts that led here, and the decision that they make together. */
export interface DecisionNode {
  readonly part: Part | undefined;
  readonly before: DecisionNode | undefined;
  next: Map<Part, DecisionNode> | undefined;
  decision: Decision | undefined;
}

/** Lines can be made to match ever new combinations of thousands of rules: beyond this the tree starts anew. */
const NODES_LIMIT = 10_000;

/**
 * All combinations of parts that were met, as a tree: each part that a record gets is one step down, and the
 * decision at the end is shared by all records that came there. Steps that were made before allocate nothing.
 */
export class DecisionTree {
  #root = emptyNode();
  #nodes = 0;

  root(): DecisionNode {
    if (this.#nodes > NODES_LIMIT) {
      this.#root = emptyNode();
      this.#nodes = 0;
    }
    return this.#root;
  }

  step(node: DecisionNode, part: Part): DecisionNode {
    node.next ??= new Map();
    let next = node.next.get(part);
    if (next === undefined) {
      next = { part, before: node, next: undefined, decision: undefined };
      node.next.set(part, next);
      this.#nodes++;
    }
    return next;
  }

  decide(node: DecisionNode): Decision {
    node.decision ??= combine(partsTo(node));
    return node.decision;
  }
}

function emptyNode(): DecisionNode {
  return { part: undefined, before: undefined, next: undefined, decision: undefined };
}

function partsTo(node: DecisionNode): Part[] {
  const parts: Part[] = [];
  for (let at: DecisionNode | undefined = node; at !== undefined; at = at.before) {
    if (at.part !== undefined) parts.push(at.part);
  }
  return parts.reverse();
}

/**
 * One decision of several parts: each raw file, table and dataset once, one tagged record for the native rules
 * and one for the Sigma rules, each naming all of them. `drop` adds nothing, so it counts only when it is alone.
 */
export function combine(parts: readonly Part[]): Decision {
  const native = parts.filter((part) => !part.sigma);
  const targets = mergeTargets([
    ...mergeTagged(native.flatMap((part) => part.targets)),
    ...mergeTagged(parts.filter((part) => part.sigma).flatMap((part) => part.targets)),
  ]);
  const ids = native.flatMap((part) => part.rule ?? []);
  return {
    rule: ids.length === 0 ? undefined : ids.join(","),
    targets,
    drop: targets.length === 0 && native.some((part) => part.drop),
  };
}

function mergeTargets(targets: readonly Target[]): Target[] {
  const kept = new Map<string, Target>();
  for (const target of targets) {
    const key = placeOf(target, kept.size);
    if (!kept.has(key)) kept.set(key, target);
  }
  return [...kept.values()].sort((a, b) => CATEGORIES.indexOf(a.category) - CATEGORIES.indexOf(b.category));
}

/** Targets of the same place take the record once. Tagged ones were merged before. */
function placeOf(target: Target, position: number): string {
  if (target.category === "raw") return "raw";
  if (target.category === "summary") return `summary ${target.table}`;
  if (target.category === "training") return `training ${target.dataset}`;
  return `tagged ${position}`;
}

function mergeTagged(targets: readonly Target[]): Target[] {
  const tagged = targets.filter((target) => target.category === "tagged");
  const others = targets.filter((target) => target.category !== "tagged");
  if (tagged.length === 0) return others;
  const all = tagged.reduce((a: TaggedTarget, b: TaggedTarget) => ({
    category: "tagged",
    rule: `${a.rule},${b.rule}`,
    tags: a.tags.concat(b.tags),
    severity: highest(a.severity, b.severity),
    retention: longer(a.retention, b.retention),
  }));
  return [...others, { ...all, tags: [...new Set(all.tags)] }];
}
