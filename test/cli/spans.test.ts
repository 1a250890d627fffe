import fc from "fast-check";
import { expect, it } from "vitest";
import { Spans } from "../../src/cli/spans.js";

const time = fc.integer({ min: 100, max: 160 }).map(String);

it("covers what any of the spans of that name holds", () => {
  const span = fc.tuple(time, time).map((times) => times.sort() as [string, string]);
  fc.assert(
    fc.property(fc.array(span), fc.array(span), time, (some, more, at) => {
      const spans = new Spans();
      spans.expect("a");
      const holds = (all: [string, string][]) => all.some(([from, to]) => from <= at && at <= to);
      for (const [from, to] of some) spans.add("a", from, to);
      expect(spans.covers("a", at)).toBe(holds(some));
      for (const [from, to] of more) spans.add("a", from, to);
      expect(spans.covers("a", at)).toBe(holds([...some, ...more]));
      spans.add("b", "100", "160");
      expect(spans.covers("b", at)).toBe(false);
    }),
  );
});
