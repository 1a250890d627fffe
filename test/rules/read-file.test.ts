import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { expect, it } from "vitest";
import { stringify } from "yaml";
import { readText } from "../../src/rules/read-file.js";

const SIGMA =
  "title: T\nid: s1\nlogsource: {product: p}\ndetection: {s: {a|contains: [x, y]}, condition: s}\n";

/** Either something can be used or it is said why not; nothing is thrown, and every place is in the file. */
function readable(text: string): boolean {
  const { documents, fatal, leftOut } = readText("a.yaml", text);
  const lines = text.split("\n").length;
  for (const { line, column, message } of [...fatal, ...leftOut]) {
    if (line < 1 || line > lines + 1 || column < 1 || message === "") return false;
  }
  return documents.length + fatal.length + leftOut.length > 0;
}

const key = fc.constantFrom(
  ...[
    "rules",
    "default",
    "tests",
    "id",
    "match",
    "to",
    "raw",
    "summary",
    "training",
    "tagged",
    "columns",
    "features",
  ],
  ...[
    "condition",
    "level",
    "a|contains",
    "detection",
    "logsource",
    "title",
    "line",
    "values",
    "drop",
    "sample",
    "__proto__",
  ],
);

const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null), fc.bigInt(), key),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, tie("value"), { maxKeys: 5 }),
  ),
}));

it("reads whatever stands where rules should", () => {
  fc.assert(
    fc.property(value, fc.constantFrom("rules", "default", "tests", "detection"), (inner, top) => {
      expect(readable(stringify({ [top]: inner }))).toBe(true);
      expect(readable(stringify({ rules: [inner], tests: [inner] }))).toBe(true);
    }),
    { numRuns: 300 },
  );
});

it("reads rule files that were cut, or had a piece taken out", async () => {
  const shipped = await readFile(new URL("../../rules/security.yaml", import.meta.url), "utf8");
  for (const text of [shipped, SIGMA]) {
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(20), (from, length) => {
        expect(readable(text.slice(0, from) + text.slice(from + length))).toBe(true);
        expect(readable(`${text.slice(0, from)}\n---\n${text.slice(from)}`)).toBe(true);
      }),
      { numRuns: 100 },
    );
  }
});

it("a native and a Sigma document may stand in one file", () => {
  const { documents, fatal, leftOut } = readText("a.yaml", `${SIGMA}---\nrules: []\n`);
  expect([...fatal, ...leftOut]).toEqual([]);
  expect(documents.map(({ native, sigma }) => [native !== undefined, sigma?.id])).toEqual([
    [false, "s1"],
    [true, undefined],
  ]);
});
