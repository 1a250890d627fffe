import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isEngineTime, nsToSince, nsToTime, risingNowNs, timeToNs } from "../../src/core/time.js";

describe("engine times", () => {
  it("keeps every nanosecond through both directions", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 4_102_444_800_000_000_000n }), (ns) => {
        expect(timeToNs(nsToTime(ns))).toBe(ns);
      }),
    );
  });

  it("writes what the engine writes", () => {
    expect(nsToTime(1_700_000_000_000_000_001n)).toBe("2023-11-14T22:13:20.000000001Z");
    expect(nsToSince(1_700_000_000_000_000_001n)).toBe("1700000000.000000001");
    expect(nsToSince(-5n)).toBe("0.000000000");
  });

  it("knows an engine time from other text", () => {
    expect(isEngineTime("2023-11-14T22:13:20.000000001Z hello")).toBe(true);
    expect(isEngineTime("2023-11-14T22:13:20Z hello")).toBe(false);
  });

  it("never gives the same own time twice", () => {
    const times = Array.from({ length: 1000 }, risingNowNs);
    expect(new Set(times).size).toBe(1000);
  });
});
