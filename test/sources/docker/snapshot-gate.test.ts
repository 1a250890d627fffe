import { setImmediate as turnOfLoop } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { SnapshotGate, type Turn } from "../../../src/sources/docker/snapshot-gate.js";

const MEGABYTE = 1_000_000;

/** Reads so many megabytes, one after the other, and notes each. */
async function read(gate: SnapshotGate, name: string, megabytes: number, order: string[]): Promise<void> {
  await gate.pass(async (turn: Turn) => {
    for (let done = 0; done < megabytes; done += 1) {
      order.push(name);
      await turn.read(MEGABYTE);
      await turnOfLoop();
    }
  });
}

describe("snapshots", () => {
  it("that are short do not wait for long ones to end", async () => {
    const gate = new SnapshotGate({ short: 1, long: 1 });
    const order: string[] = [];
    const long = ["a", "b", "c"].map((name) => read(gate, name, 100, order));
    const short = Array.from({ length: 5 }, (_, n) => read(gate, `short${n}`, 1, order));
    await Promise.all(short);
    // Each long one has had its first turn at most, and one of them a few more meanwhile.
    expect(order.filter((name) => name.length === 1).length).toBeLessThan(40);
    await Promise.all(long);
    expect(order).toHaveLength(305);
  });

  it("that are long take turns, and never more of them are read at a time than there are places", async () => {
    const gate = new SnapshotGate({ short: 2, long: 2 });
    const order: string[] = [];
    await Promise.all(["a", "b", "c", "d"].map((name) => read(gate, name, 40, order)));
    const lastOfFirst = Math.min(...["a", "b", "c", "d"].map((name) => order.lastIndexOf(name)));
    for (const name of ["a", "b", "c", "d"]) {
      expect(order.slice(0, lastOfFirst).filter((other) => other === name).length).toBeGreaterThan(30);
    }
  });

  it("give their places back when they fail or end while they wait for a turn", async () => {
    const gate = new SnapshotGate({ short: 1, long: 1 });
    const order: string[] = [];
    let go: () => void = () => undefined;
    const holding = gate.pass(async (turn) => {
      await turn.read(5 * MEGABYTE);
      await new Promise<void>((resolve) => {
        go = resolve;
      });
    });
    const cut = gate.pass(async (turn) => {
      void turn.read(5 * MEGABYTE);
      throw new Error("cut");
    });
    await expect(cut).rejects.toThrow("cut");
    go();
    await holding;
    await Promise.all([read(gate, "a", 20, order), read(gate, "b", 20, order)]);
    expect(order).toHaveLength(40);
  });
});
