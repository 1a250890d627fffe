import { describe, expect, it } from "vitest";
import { dataOfPairs, readPairs } from "../../../src/records/heads/pairs.js";

/** What stands there as values; undefined: not all of it is pairs. */
const CASES: readonly (readonly [text: string, data: Readonly<Record<string, unknown>> | undefined])[] = [
  ["level=info n=7 ok=true", { level: "info", n: 7, ok: true }],
  ["level=error n=-3 ok=false", { level: "error", n: -3, ok: false }],
  [
    "id=007 long=123456789012345678 exact=123456789012345 zero=0",
    { id: "007", long: "123456789012345678", exact: 123456789012345, zero: 0 },
  ],
  ["a=1.50 b=1.5 c=1e5 d=1.", { a: "1.50", b: 1.5, c: "1e5", d: "1." }],
  ['msg="one two" x=1', { msg: "one two", x: 1 }],
  ['msg="a \\"b\\" c\\n" x=1', { msg: 'a "b" c\n', x: 1 }],
  ["msg='it is' x=1", { msg: "it is", x: 1 }],
  ["msg=a trace line x=1", { msg: "a trace line", x: 1 }],
  ["level= x=1", { level: "", x: 1 }],
  ["level x=1", { level: true, x: 1 }],
  // The same key as in the lines before, and a longer one.
  ["levels=2 level.x=3 items[0]=4", { levels: 2, "level.x": 3, "items[0]": 4 }],
  ["한=1", undefined],
  ["a=한 b=2", { a: "한", b: 2 }],
  ['a="one"two', undefined],
  ['a="one', undefined],
  ['a=o"ne', undefined],
  ["a=1\tb=2", undefined],
  ["a=\u00a0 b=2", undefined],
  ["a=1\u2003b=2", undefined],
  ["a=\u0001", { a: "\u0001" }],
  ["7=a", undefined],
];

describe("pairs", () => {
  it.each(CASES)("%s", (text, data) => {
    // Keys are known again from the lines before.
    for (let times = 0; times < 2; times += 1) {
      const pairs = readPairs(text, 0);
      expect(pairs && dataOfPairs(pairs)).toEqual(data);
    }
  });

  it("begins where it is told to, and takes no more than 500", () => {
    expect(readPairs("prose a=1", 6)).toEqual([{ key: "a", value: 1, alone: false }]);
    const many = (count: number) => Array.from({ length: count }, (_, at) => `k${at}=${at}`).join(" ");
    expect(readPairs(many(500), 0)).toHaveLength(500);
    expect(readPairs(many(501), 0)).toBeUndefined();
  });
});
