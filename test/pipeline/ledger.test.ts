import { expect, it } from "vitest";
import { namedContainer } from "../../src/core/container.js";
import { Ledger } from "../../src/pipeline/ledger.js";

const account = {
  name: "api-1",
  written: 5,
  collapsed: 1,
  sampled: 1,
  droppedByRule: 1,
  droppedByLevel: 1,
  gaps: 0,
};

it("goes on with what it had at the last commit", () => {
  const ledger = new Ledger({ accounts: { a: { ...account, read: 11, held: 2 } }, removed: [] });
  expect(ledger.total()).toMatchObject({ read: 11, held: 2 });
  expect(new Ledger(JSON.parse(ledger.snapshot())).total()).toEqual(ledger.total());
});

it("reads what versions wrote that held nothing", () => {
  const ledger = new Ledger({ accounts: { a: { ...account, read: 9 } }, removed: [] });
  expect(ledger.entries()).toEqual([["a", { ...account, read: 9, shed: 0, held: 0 }]]);
});

it("keeps what is held by containers whose accounts are added up", () => {
  const ledger = new Ledger(undefined);
  for (let at = 0; at < 202; at++) {
    const container = namedContainer(`c${at}`, "x");
    Object.assign(ledger.of(container), { read: 1, held: 1 });
    ledger.remove(container);
  }
  expect(ledger.total()).toMatchObject({ read: 202, held: 202 });
  expect(ledger.existing("c0")).toBe(ledger.existing("c1"));
  expect(ledger.existing("c0")).toMatchObject({ read: 2, held: 2 });
  expect(ledger.existing("c201")).toMatchObject({ name: "x", held: 1 });
});

it("remembers what a container was called before, the last ten names, across commits", () => {
  const ledger = new Ledger(undefined);
  const renamed = (name: string, to = ledger) => to.of(namedContainer("a", name));
  expect(renamed("n0").earlierNames).toBeUndefined();
  renamed("n1");
  const restored = new Ledger(JSON.parse(ledger.snapshot()));
  expect(restored.entries()).toMatchObject([["a", { name: "n1", earlierNames: ["n0"] }]]);
  expect(renamed("n0", restored).earlierNames).toEqual(["n1"]);
  for (let at = 2; at < 20; at++) renamed(`n${at}`, restored);
  expect(renamed("n20", restored).earlierNames).toEqual(
    Array.from({ length: 10 }, (_, back) => `n${19 - back}`),
  );
});

it("counts as committed what is durable, not what a commit that goes on has seen", () => {
  const ledger = new Ledger(undefined);
  const api = ledger.of(namedContainer("a", "api-1"));
  api.read = 3;
  ledger.snapshot();
  api.read = 5;
  expect(ledger.atCommit.read).toBe(0);
  ledger.committed();
  expect(ledger.atCommit.read).toBe(3);
});
