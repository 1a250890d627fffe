import { describe, expect, it } from "vitest";
import { FollowWatch } from "../../../src/sources/docker/trust.js";
import { PIECE_BYTES } from "../../../src/sources/messages.js";

const BEGAN_MS = Date.parse("2026-01-01T00:00:00Z");
const LINE = "x".repeat(925);

function time(ms: number): string {
  return new Date(BEGAN_MS + ms).toISOString().replace("Z", "000000Z");
}

/** Shows a stream of 1,000 bytes each millisecond into files of 100 KB, from one moment to another, and returns what the last message looked like. */
function print(watch: FollowWatch, fromMs: number, toMs: number) {
  const first = watch.see(time(fromMs), 0, LINE, BEGAN_MS + fromMs);
  for (let ms = fromMs; ms < toMs; ms += 1) watch.note(time(ms), 0, LINE);
  return first;
}

function startWatch(): FollowWatch {
  return new FollowWatch({ rotateBytes: 100_000, sameClock: true, startedMs: BEGAN_MS });
}

describe("a watch over a followed stream", () => {
  it("sees each of the files that are passed over one soon after the other, where what was lost is told", () => {
    const watch = startWatch();
    print(watch, 1, 200);
    for (const ms of [400, 600, 800, 1_000]) {
      watch.passedOver(time(ms));
      // Less than half of what a rate is known by, then a file that is not there.
      expect(watch.see(time(ms), 0, LINE, BEGAN_MS + ms)).toBe("gap-likely");
      print(watch, ms, ms + 20);
    }
  });

  it("knows the next piece of a long line, though the other stream brought something earlier between", () => {
    const watch = startWatch();
    print(watch, 1, 3);
    const [first, second] = ["a", "b"].map((letter) => letter.repeat(PIECE_BYTES));
    watch.note(time(10), 0, first!);
    watch.note(time(9), 1, LINE);
    expect(watch.see(time(10), 0, second!, BEGAN_MS + 10)).toBe("new");
  });

  it("does not take the next piece for the one before it sent again, though the other stream brought something earlier and something later between", () => {
    const watch = startWatch();
    print(watch, 1, 3);
    const [first, second] = ["a", "b"].map((letter) => letter.repeat(PIECE_BYTES));
    watch.note(time(10), 0, first!);
    watch.note(time(9), 1, LINE);
    watch.note(time(11), 1, LINE);
    expect(watch.see(time(10), 0, second!, BEGAN_MS + 11)).toBe("new");
  });
});
