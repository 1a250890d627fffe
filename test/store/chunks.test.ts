import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Chunks } from "../../src/store/chunks.js";

const bytesOf = (chunks: readonly { bytes: Buffer }[]) => Buffer.concat(chunks.map(({ bytes }) => bytes));
const encode = (chunks: Chunks, pieces: readonly string[]) =>
  chunks.encode(
    pieces,
    pieces.reduce((sum, piece) => sum + piece.length, 0),
  );

describe("Chunks", () => {
  it("gives the bytes of the text, whatever its letters and the length of its pieces", () => {
    const chunks = new Chunks();
    const piece = fc
      .record({
        letter: fc.constantFrom("a", "é", "漢", "🌍", "\u{0}", "\ud800"),
        count: fc.integer({ min: 0, max: 150_000 }),
      })
      .map(({ letter, count }) => letter.repeat(count));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const made = encode(chunks, pieces);
        // Pieces end with line ends in truth: halves of a letter never meet.
        expect(bytesOf(made).equals(Buffer.concat(pieces.map((each) => Buffer.from(each))))).toBe(true);
        for (const chunk of made) chunks.release(chunk);
      }),
      { numRuns: 40 },
    );
  });

  it("uses a buffer again when its bytes are released, and not before", () => {
    const chunks = new Chunks();
    const text = "x".repeat(20_000);
    const [first] = encode(chunks, [text, text]);
    const [second] = encode(chunks, [text, text]);
    expect(second?.pooled === first?.pooled).toBe(false);
    if (first !== undefined) chunks.release(first);
    const [third] = encode(chunks, [text, text]);
    expect(third?.pooled === first?.pooled).toBe(true);
  });

  it("does not hold a large buffer for a little text", () => {
    expect(encode(new Chunks(), ["a line\n"])).toEqual([
      { bytes: Buffer.from("a line\n"), pooled: undefined },
    ]);
  });
});
