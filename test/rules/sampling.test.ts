import fc from "fast-check";
import { expect, it } from "vitest";
import { nsToTime } from "../../src/core/time.js";
import { isKept } from "../../src/rules/sampling.js";
import { containerFrom } from "../../src/rules/test-record.js";
import { recordOf } from "./records.js";

const START_NS = 1_769_900_399_123_456_789n;
const LINES = 20_000;

function line(at: bigint, name = "api-1") {
  return { ...recordOf({}), ts: nsToTime(START_NS + at), container: containerFrom({ name }) };
}

it.each([
  ["a nanosecond apart", 1n],
  ["a microsecond apart, as journald stamps them", 1_000n],
  ["a second apart", 1_000_000_000n],
  ["an odd time apart", 123_457n],
])("keeps the share of lines that are %s", (_name, stepNs) => {
  for (const share of [0.01, 0.1, 0.5]) {
    let kept = 0;
    for (let at = 0n; at < LINES; at++) if (isKept(line(at * stepNs), share)) kept++;
    // Four standard deviations of a fair draw.
    expect(Math.abs(kept - share * LINES)).toBeLessThan(4 * Math.sqrt(LINES * share * (1 - share)));
  }
});

it("keeps all lines of the share 1", () => {
  for (let at = 0n; at < 1_000n; at++) expect(isKept(line(at), 1)).toBe(true);
});

it("draws anew for each container and stream", () => {
  const both = (other: (at: bigint) => Parameters<typeof isKept>[0]) => {
    let same = 0;
    for (let at = 0n; at < 2_000n; at++) if (isKept(line(at), 0.5) === isKept(other(at), 0.5)) same++;
    return same / 2_000;
  };
  expect(both((at) => line(at, "api-2"))).toBeCloseTo(0.5, 1);
  expect(both((at) => ({ ...line(at), stream: "stderr" }))).toBeCloseTo(0.5, 1);
});

it("tells the same of a line that is read again or edited, and less of a smaller share", () => {
  const share = fc.double({ min: 0, max: 1, minExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), share, share, (at, one, other) => {
      const again = {
        ...line(at),
        text: "[redacted]",
        container: { ...containerFrom({ name: "api-1" }), id: "x" },
      };
      expect(isKept(again, one)).toBe(isKept(line(at), one));
      if (isKept(line(at), Math.min(one, other))) expect(isKept(line(at), Math.max(one, other))).toBe(true);
    }),
  );
});
