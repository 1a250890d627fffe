import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonText, parseExactly } from "../../../src/categories/formats/json-text.js";
import { pickledItems } from "../../../src/categories/formats/pickle-reader.js";
import { pickled } from "../samples.js";

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(bytes: Buffer, size = 1000): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const item of pickledItems(inPieces(bytes, size))) items.push(item);
  return items;
}

const edges = [
  ...[
    "null",
    "true",
    "0",
    "-1",
    "255",
    "256",
    "65535",
    "65536",
    "2147483648",
    "-2147483649",
    "9007199254740991",
  ],
  ...[
    "9007199254740993",
    "-9223372036854775809",
    `1${"0".repeat(700)}`,
    "0.1",
    "-0.0",
    "1e-320",
    "1e400",
    "-1e400",
  ],
  ...['""', '"é😀\\u0000"', `"${"ä".repeat(70_000)}"`, "[]", "{}", '{"__proto__":1,"10":2,"a":[{"b":null}]}'],
].map(parseExactly);

describe("pickledItems", () => {
  it("gives what PickledList took, whatever the pieces", async () => {
    for (const size of [1, 7, 1000, 10 ** 6]) {
      const items = await read(pickled(edges), size);
      // Texts tell -0 and the order of keys.
      expect(items.map(jsonText)).toEqual(edges.map(jsonText));
    }
    expect(await read(pickled([]))).toEqual([]);
  });

  it("gives any JSON value back", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.json({ maxDepth: 4, stringUnit: "grapheme" })),
        fc.nat(500),
        async (texts, size) => {
          const items = texts.map(parseExactly);
          expect((await read(pickled(items), size + 1)).map(jsonText)).toEqual(items.map(jsonText));
        },
      ),
    );
  });

  it("does not recurse", async () => {
    const text = `${'[{"a":'.repeat(50_000)}7${"}]".repeat(50_000)}`;
    const [item] = await read(pickled([JSON.parse(text)]));
    expect(jsonText(item)).toBe(text);
  });

  it("gives items as their frames come, not all at the end", async () => {
    const bytes = pickled(Array.from({ length: 10_000 }, (_, n) => ({ n, text: "x".repeat(50) })));
    let handed = 0;
    async function* source(): AsyncGenerator<Buffer> {
      for await (const piece of inPieces(bytes, 10_000)) {
        handed += piece.length;
        yield piece;
      }
    }
    for await (const _ of pickledItems(source())) break;
    expect(handed).toBeLessThan(bytes.length / 3);
  });

  it.each<[string, (bytes: Buffer) => Buffer]>([
    ["nothing at all", () => Buffer.alloc(0)],
    ["text", () => Buffer.from("hello")],
    ["half of one", (bytes) => bytes.subarray(0, bytes.length / 2)],
    ["one without its last byte", (bytes) => bytes.subarray(0, -1)],
    ["one with something behind it", (bytes) => Buffer.concat([bytes, Buffer.from("x")])],
    // GLOBAL, which could call anything.
    [
      "one that somebody else wrote",
      (bytes) => Buffer.concat([bytes.subarray(0, 2), Buffer.from("cos\nsystem\n.")]),
    ],
    ["one with GLOBAL in a frame", () => Buffer.from([0x80, 4, 0x95, 2, 0, 0, 0, 0, 0, 0, 0, 0x63, 0x2e])],
  ])("refuses %s", async (_name, spoil) => {
    await expect(read(spoil(pickled(edges)))).rejects.toThrow();
  });
});
