import { expect, it } from "vitest";
import { combine, DecisionTree } from "../../src/rules/decisions.js";
import type { Part } from "../../src/rules/part.js";

function part(rule: string, values: Partial<Part> = {}): Part {
  const plain = { sigma: false, drop: false, sampled: false, edit: undefined, dedupe: undefined };
  return { rule, ...plain, targets: [{ category: "raw" }], ...values };
}

it("the same steps lead to the same decision, in whatever order others were taken", () => {
  const tree = new DecisionTree();
  const [a, b] = [part("a"), part("b")];
  const walk = (...parts: Part[]) =>
    tree.decide(parts.reduce((node, next) => tree.step(node, next), tree.root()));
  const first = walk(a, b);
  expect(first).toEqual({ rule: "a,b", targets: [{ category: "raw" }], drop: false, sampled: false });
  expect(walk(b)).not.toBe(first);
  expect(walk(a, b)).toBe(first);
});

it("combinations made up without end don't fill the memory: the tree starts anew", () => {
  const tree = new DecisionTree();
  const root = tree.root();
  for (let at = 0; at < 10_000; at++) tree.step(root, part(String(at)));
  expect(tree.root()).toBe(root);
  tree.step(root, part("one more"));
  expect(tree.root()).not.toBe(root);
  expect(tree.root().next).toBeUndefined();
});

it("targets stand in the order of the categories, whichever rule named them", () => {
  const tagged = { category: "tagged", rule: "a", tags: [], severity: "low", retention: "30d" } as const;
  const summary = { category: "summary", table: "t", columns: [], windows: undefined } as const;
  const { targets } = combine([
    part("a", { targets: [tagged] }),
    part("b", { targets: [summary, { category: "raw" }] }),
  ]);
  expect(targets.map(({ category }) => category)).toEqual(["raw", "summary", "tagged"]);
});

it("Sigma rules never drop, and are not among those that decide", () => {
  const tagged = {
    category: "tagged",
    rule: "s",
    tags: [],
    severity: "low",
    retention: "permanent",
  } as const;
  const dropped = part("n", { drop: true, targets: [] });
  expect(combine([dropped])).toEqual({ rule: "n", targets: [], drop: true, sampled: false });
  expect(combine([dropped, part("s", { sigma: true, targets: [tagged] })])).toEqual({
    rule: "n",
    targets: [tagged],
    drop: false,
    sampled: false,
  });
});
