import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eachMatch } from "../../../src/search/finder/by-pattern.js";
import { Finder } from "../../../src/search/finder/finder.js";

type EachLine = (text: Buffer, bytes: Buffer, visit: (start: number, end: number) => void) => void;

const WAYS: readonly [string, EachLine][] = [
  ["the module", (text, bytes, visit) => Finder.of(text)!.eachLine(bytes, visit)],
  ["the way without it", eachMatch],
];
/** Neighbours of letters in the table of ASCII, which differ from others by the same bit as capitals from small ones. */
const SIGNS = [...'aAbBzZ@`[{{]}^~"0 \n\n', "네", "é"];

describe.each(WAYS)("%s", (_, eachLine) => {
  const linesWith = (text: string, bytes: Buffer) => {
    const lines: string[] = [];
    eachLine(Buffer.from(text), bytes, (start, end) => lines.push(bytes.toString("utf8", start, end)));
    return lines;
  };
  const small = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

  it("finds each line that holds a text once, ASCII's letters in both cases", () => {
    const signs = (max: number, from: readonly string[]) =>
      fc.array(fc.constantFrom(...from), { minLength: 1, maxLength: max }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(
        signs(300, SIGNS),
        signs(
          4,
          SIGNS.filter((sign) => sign !== "\n"),
        ),
        (hay, text) => {
          const lines = `${hay}\n`.split("\n").slice(0, -1);
          const expected = lines.filter((line) => small(line).includes(small(text)));
          expect(linesWith(text, Buffer.from(`${hay}\n`))).toEqual(expected);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("finds a text wherever it stands in a large piece, and what is longer than it compares", () => {
    const long = `needle ${"x".repeat(500)}`;
    for (const text of ["n", "needle", long]) {
      const bytes = Buffer.alloc(400_000, "hay and straw\n");
      const lines: number[] = [];
      // The module takes some 190 kB at once; the last ones stand at their border.
      for (const at of [0, 70_001, 140_003, ...borders(188_416, text.length), 399_000]) {
        const copy = Buffer.from(bytes);
        copy.write(text.toUpperCase(), at);
        eachLine(Buffer.from(text), copy, (start, end) => {
          if (start <= at && at < end) lines.push(at);
        });
      }
      expect(lines).toEqual([0, 70_001, 140_003, ...borders(188_416, text.length), 399_000]);
    }
  });
});

/** Places from which a text ends shortly before, at, or behind a border. */
function borders(border: number, length: number): number[] {
  const near = [-300, -257, -256, -255, -length - 1, -length, -length + 1, -1, 0, 1];
  return [...new Set(near.map((by) => border + by))].sort((a, b) => a - b);
}
