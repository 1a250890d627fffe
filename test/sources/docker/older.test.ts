import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { Older } from "../../../src/sources/docker/older.js";
import { type Held, Splice } from "../../../src/sources/docker/splice.js";
import { FollowWatch } from "../../../src/sources/docker/trust.js";
import { startPosition } from "../../../src/sources/position.js";
import { timeAt } from "../arbitraries.js";

const COUNT = 150_000;

function message(n: number): Held {
  const raw = `${String(n).padEnd(209, ".")}\n`;
  return { ts: timeAt(BigInt(n) * 50_000n), stream: 0, raw, ascii: true, arrivedMs: 0 };
}

it("takes what a stream brings and the log has no more while it comes, however much that is, and holds little of it", async () => {
  const splice = new Splice();
  const taken: Held[] = [];
  let most = 0;
  const older = new Older({
    splice,
    watch: new FollowWatch({ rotateBytes: 1_000_000, sameClock: true, startedMs: 0 }),
    sight: "gap-possible",
    take: (held) => void taken.push(held),
    lost: () => undefined,
    resent: () => undefined,
    place: () => ({ ...startPosition(""), anchor: taken.at(-1)?.ts ?? "" }),
    deliver: () => undefined,
    given: () => false,
  });
  splice.offer(message(0));
  const done = older.takeBefore(message(COUNT));
  const answers = new Set<string>();
  for (let n = 1; n <= COUNT; n += 1) {
    answers.add(splice.offer(message(n)));
    most = Math.max(most, splice.waiting);
    // As if each read brought so many: who holds them has its turn between two.
    while (n % 1_000 === 0 && splice.waiting > 10_000) await setImmediate();
  }
  await done;
  expect([taken.length, ...answers, most < 20_000]).toEqual([COUNT, "held", true]);
  expect(taken.every(({ raw }, n) => Number.parseInt(raw, 10) === n)).toBe(true);
  // The one that the log has, and the one before it, by which the end of the snapshot is found.
  expect(splice.endAt(startPosition("")).map(({ raw }) => Number.parseInt(raw, 10))).toEqual([
    COUNT - 1,
    COUNT,
  ]);
});
