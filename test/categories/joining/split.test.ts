import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { outputOf } from "../../../src/categories/joining/split.js";

const START = 1_769_903_999_123_456_789n;

describe("outputOf", () => {
  it("gives each output its share, for times that follow each other closely and widely", () => {
    for (const step of [1n, 1000n, 1_000_000_000n]) {
      for (const share of [0.1, 0.5, 0.8]) {
        let first = 0;
        for (let n = 0n; n < 10_000n; n += 1n) {
          if (outputOf(START + n * step, { sinceNs: undefined, share }) === 0) first += 1;
        }
        expect(Math.abs(first / 10_000 - share)).toBeLessThan(0.02);
      }
    }
  });

  it("goes by the time alone, and a larger share takes more and gives nothing back", () => {
    const since = { sinceNs: undefined };
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }),
        fc.double({ min: 0.01, max: 0.5, noNaN: true }),
        (ts, share) => {
          const output = outputOf(ts, { ...since, share });
          expect(outputOf(ts, { ...since, share })).toBe(output);
          if (output === 0) expect(outputOf(ts, { ...since, share: share * 1.9 })).toBe(0);
          expect(outputOf(ts, { ...since, share: undefined })).toBe(0);
        },
      ),
    );
  });

  it("leaves out what is earlier", () => {
    expect([-1n, 0n, 1n].map((by) => outputOf(START + by, { sinceNs: START, share: undefined }))).toEqual([
      -1, 0, 0,
    ]);
  });
});
