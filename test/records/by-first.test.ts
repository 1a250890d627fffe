import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byFirstCharacter } from "../../src/records/by-first.js";
import { shapesFor, TEXT_SHAPES } from "../../src/records/shapes/text/shapes.js";
import { NOT_PART, type Trace } from "../../src/records/traces/trace.js";
import { tracesFor } from "../../src/records/traces/traces.js";
import { allCaptured, someLines } from "./mutated.js";

const beginnings = ["", ...Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)), "é"];
const traces = [...new Set<Trace>(beginnings.flatMap((text) => tracesFor(text)))];

/** Whoever is not asked about a line would not have taken it. */
function loseNothing(lines: readonly string[]): void {
  const lost = lines.filter((text, at) => {
    const before = lines[at - 1] ?? "ERROR failed";
    const asked = tracesFor(text);
    const takes = (trace: Trace) => trace.start(text) !== NOT_PART || trace.follow(before, text) !== NOT_PART;
    if (traces.some((trace) => !asked.includes(trace) && takes(trace))) return true;
    const shapes = shapesFor(text);
    return TEXT_SHAPES.some((shape) => !shapes.includes(shape) && shape.read(text) !== undefined);
  });
  expect(lost).toEqual([]);
}

describe("kinds of lines by their first character", () => {
  it("come in their order", () => {
    const kinds = [
      { name: "any" },
      { name: "digit", begins: /^\d/ },
      { name: "empty", begins: /^$/ },
      { name: "wide", begins: /^[\u0080-\uffff]/ },
    ];
    const of = byFirstCharacter(kinds);
    const names = (text: string) => of(text).map(({ name }) => name);
    expect(["1", "x", "", "가", "é"].map(names)).toEqual([
      ["any", "digit"],
      ["any"],
      ["any", "empty"],
      ["any", "wide"],
      ["any", "wide"],
    ]);
  });

  it("leave out none that would have taken a captured line, or a changed one", () => {
    for (const lines of allCaptured()) loseNothing(lines);
    fc.assert(fc.property(someLines, loseNothing), { numRuns: 50 });
  });
});
