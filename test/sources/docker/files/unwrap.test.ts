import fc from "fast-check";
import { expect, it } from "vitest";
import { type Entry, readJsonEntry } from "../../../../src/sources/docker/files/entry.js";
import { unwrapEntries } from "../../../../src/sources/docker/files/unwrap/unwrap.js";
import { timeAt } from "../../arbitraries.js";

const PIECES = [
  '"',
  "\\",
  "\\n",
  '\\"',
  "\\u0000",
  "\\u007F",
  "\\u0080",
  "\\u2028",
  "\\u00g0",
  "\\x",
  "\\/",
  "\t",
  "é",
  "키",
  "\0",
];
const text = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 40 })), { maxLength: 8 })
  .map((parts) => parts.join("").replaceAll("\n", " "));
const time = fc.oneof(
  fc.bigInt({ min: 0n, max: 999_999_999n }).map((ns) => timeAt(ns).replace(/\.?0*Z$/, "Z")),
  fc.constantFrom("2026-11-29T05:11:00.Z", "2026-11-29T05:11:00.1234567891Z", "2026-11-29 05:11:00Z", ""),
);
const line = fc
  .tuple(text, fc.boolean(), fc.constantFrom("stdout", "stderr", "stdin"), time)
  .map(([log, isPlain, stream, at]) => {
    const value = isPlain ? JSON.stringify(log.replaceAll("\0", "")) : `"${log}"`;
    return `{"log":${value},"stream":"${stream}","time":"${at}"}`;
  });

/** The module has places for 8,192 at once. */
const lines = fc.oneof(
  { weight: 50, arbitrary: fc.array(fc.oneof(line, text), { maxLength: 12 }) },
  line.map((one) => [...Array<string>(9_000).fill(""), one]),
);

it("the module reads entries as they are read one by one, and leaves to that what is unusual", () => {
  fc.assert(
    fc.property(lines, (texts) => {
      const bytes = Buffer.from(texts.map((one) => `${one}\n`).join(""));
      const single = (part: Buffer) => readJsonEntry(part.toString("latin1", 0, part.length - 1), false);
      const found: (Entry | undefined)[] = [];
      const ends: number[] = [];
      const take = (entry: Entry | undefined, end: number) => {
        found.push(entry && { ...entry, ascii: false, frame: undefined });
        ends.push(end);
      };
      const isDone = unwrapEntries(bytes, {
        entry: (entry, end) => {
          const { buffer, start, end: behind } = entry.frame!;
          expect(buffer.toString("latin1", start, behind)).toBe(`${entry.ts} ${entry.raw}`);
          expect(entry.ascii && /[^\0-\x7f]/.test(entry.raw)).toBe(false);
          take(entry, end);
        },
        other: (start, end) => take(single(bytes.subarray(start, end)), end),
      });
      expect(isDone).toBe(true);
      expect(ends.at(-1) ?? 0).toBe(bytes.length);
      expect(found).toEqual(texts.map((one) => withoutFrame(single(Buffer.from(`${one}\n`)))));
    }),
    { numRuns: 150 },
  );
});

it("usual entries are none of the unusual", () => {
  const log = JSON.stringify('{"a":"x\\ty","b":"<키>"}\r\n').replaceAll("<", "\\u003c");
  const bytes = Buffer.from(`{"log":${log},"stream":"stderr","time":"2026-11-29T05:11:00.1Z"}\n`.repeat(3));
  const raws: string[] = [];
  unwrapEntries(bytes, {
    entry: ({ ts, stream, raw }) => raws.push(`${ts} ${stream} ${Buffer.from(raw, "latin1").toString()}`),
    other: () => raws.push("other"),
  });
  expect(new Set(raws)).toEqual(new Set(['2026-11-29T05:11:00.100000000Z 1 {"a":"x\\ty","b":"<키>"}\r\n']));
});

function withoutFrame(entry: Entry | undefined): Entry | undefined {
  return entry && { ...entry, ascii: false, frame: undefined };
}
