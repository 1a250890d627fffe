import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LearnedForm } from "../../../src/core/line.js";
import type { LogRecord } from "../../../src/core/record.js";
import { readHead } from "../../../src/records/heads/head.js";
import { HeadRoom } from "../../../src/records/heads/room.js";
import { UsualHeads } from "../../../src/records/heads/usual.js";
import { createJoiner } from "../../../src/records/joiner.js";
import { createUnderstand } from "../../../src/records/understand.js";
import { allCaptured, someLines } from "../mutated.js";
import { sampleContainer, sampleLine } from "../samples.js";

function readsAlike(lines: readonly string[]): void {
  const container = sampleContainer();
  const joiner = createJoiner(container);
  const usual = createUnderstand();
  const said = ({ level, message, dataText }: LogRecord) => [level, message, dataText].join("\n");
  const read = lines.map((text) => {
    const line = { ...sampleLine(text), learned: joiner.learned };
    joiner.relate(text);
    // Nothing is remembered of a container that was never seen.
    return { usual: said(usual(line, container)), afresh: said(usual(line, sampleContainer())) };
  });
  expect(read.filter((each) => each.usual !== each.afresh)).toEqual([]);
}

describe("heads that were seen before", () => {
  it("are read as if they were new, in all captured lines", () => {
    for (const lines of allCaptured()) readsAlike([...lines, ...lines]);
  });

  it("and in changed ones", () => {
    fc.assert(fc.property(someLines, readsAlike), { numRuns: 60 });
  });

  it("a word in the last bracket, too, which pairs make the message", () => {
    const head = "[2026/11/29 04:27:40.391 +00:00] [INFO] [main.go:7] [closed]";
    readsAlike([`${head} and gone`, `${head} and gone`, `${head} and gone`, `${head} [ms=812]`]);
  });

  it("what was learned since decides", () => {
    const usual = new UsualHeads(new HeadRoom());
    const form: LearnedForm = { kind: "dated", score: 16, named: 16, unnamed: 0, column: 20 };
    const read = (learned: LearnedForm) =>
      readHead("2026-11-29 09:00:01 INFO shop: paid", learned, usual)?.data;
    for (let times = 0; times < 3; times += 1)
      expect(read(form)).toEqual({ time: "2026-11-29 09:00:01", logger: "shop" });
    expect(read({ ...form, unnamed: 16 })).toEqual({ time: "2026-11-29 09:00:01" });
    expect(read({ ...form, score: 13 })).toEqual({ time: "2026-11-29 09:00:01", logger: "shop" });
  });

  it("are few, however many there are", () => {
    const usual = new UsualHeads(new HeadRoom());
    const line = (at: number) => `2026-11-29 09:00:00 INFO shop.part${at}: paid`;
    for (let at = 0; at < 1_000; at += 1) readHead(line(at), undefined, usual);
    expect(usual.count).toBeLessThanOrEqual(16);
    // The last of them did not come in: nearly each line had another.
    expect(usual.read(line(999), undefined)).toBeUndefined();
  });

  it("of 10,000 containers no more than there is room for", () => {
    const room = new HeadRoom();
    const holders = Array.from({ length: 10_000 }, () => new UsualHeads(room));
    for (let times = 0; times < 3; times += 1) {
      holders.forEach((usual, at) => {
        readHead(`2026-11-29 09:00:00 INFO shop.app${at}: paid`, undefined, usual);
      });
    }
    const kept = holders.reduce((sum, { count }) => sum + count, 0);
    expect([room.count, kept <= room.count, kept > 0]).toEqual([expect.any(Number), true, true]);
    expect(room.count).toBeLessThanOrEqual(4_096);
  });
});
