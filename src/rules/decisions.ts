import type { Actions, Decision, TaggedTarget, Target, WaitingTargets } from "../core/decision.js";
import { CATEGORIES } from "../core/record.js";
import type { Part } from "./part.js";
import { placeOf } from "./places.js";
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
  const atOnce = targetsAtOnce(native);
  const added = parts.filter((part) => part.sigma).flatMap((part) => part.targets);
  const targets = mergeTargets([...mergeTagged(atOnce), ...mergeTagged(added)]);
  const waiting = waitingOf(native, [...atOnce, ...added.filter(({ category }) => category !== "tagged")]);
  const ids = native.flatMap((part) => part.rule ?? []);
  const isWritten = targets.length > 0 || waiting.length > 0;
  const drop = !isWritten && native.some((part) => part.drop);
  const metrics = native.flatMap((part) => part.metrics ?? []);
  return {
    rule: ids.length === 0 ? undefined : ids.join(","),
    targets,
    drop,
    sampled: !isWritten && !drop && native.some((part) => part.sampled),
    actions: actionsOf(native, waiting),
    ...(metrics.length > 0 && { metrics }),
  };
}

/** Every place that a record with this decision goes to, now or when its window is over. */
export function allTargets({ targets, actions }: Decision): readonly Target[] {
  if (actions === undefined || actions.waiting.length === 0) return targets;
  return inOrder([...targets, ...actions.waiting.flatMap((waiting) => waiting.targets)]);
}

function actionsOf(native: readonly Part[], waiting: readonly WaitingTargets[]): Actions | undefined {
  const edits = native.flatMap((part) => part.edit ?? []);
  return edits.length === 0 && waiting.length === 0 ? undefined : { edits, waiting };
}

/** One tagged record names all native rules that tag: where one of them does so at once, it stands for those that would wait. */
function targetsAtOnce(native: readonly Part[]): Target[] {
  const atOnce = native.filter((part) => part.dedupe === undefined).flatMap((part) => part.targets);
  if (!atOnce.some(isTagged)) return atOnce;
  const others = native.filter((part) => part.dedupe !== undefined).flatMap((part) => part.targets);
  return [...atOnce, ...others.filter(isTagged)];
}

/** What is left for the parts that wait: places that take the record at once, or by a part before, are not theirs. */
function waitingOf(native: readonly Part[], atOnce: readonly Target[]): WaitingTargets[] {
  const taken = new Set(atOnce.map(placeOf));
  return native.flatMap(({ dedupe, targets }) => {
    if (dedupe === undefined) return [];
    const before = [...taken];
    const own = targets.filter((target) => !taken.has(placeOf(target)));
    // Windows differ, so each of these rules has tagged records of its own.
    for (const target of own) if (!isTagged(target)) taken.add(placeOf(target));
    return own.length === 0 ? [] : [{ ...dedupe, targets: own, taken: before }];
  });
}

function mergeTargets(targets: readonly Target[]): Target[] {
  const kept = new Map<string, Target>();
  for (const target of targets) {
    // Tagged ones were merged before.
    const key = isTagged(target) ? `tagged ${kept.size}` : placeOf(target);
    if (!kept.has(key)) kept.set(key, target);
  }
  return inOrder([...kept.values()]);
}

function inOrder(targets: readonly Target[]): Target[] {
  return targets.toSorted((a, b) => CATEGORIES.indexOf(a.category) - CATEGORIES.indexOf(b.category));
}

function isTagged(target: Target): target is TaggedTarget {
  return target.category === "tagged";
}

function mergeTagged(targets: readonly Target[]): Target[] {
  const tagged = targets.filter(isTagged);
  const others = targets.filter((target) => !isTagged(target));
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
