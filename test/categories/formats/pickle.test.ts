import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseExactly } from "../../../src/categories/formats/json-text.js";
import { PickledList } from "../../../src/categories/formats/pickle.js";
import { runPython } from "../../programs.js";
import { requirement } from "../../requirements.js";
import { pickled, temporaryFile } from "../samples.js";

/** JSON texts whose values are all that JSON can hold. */
const texts = [
  "null",
  "true",
  "false",
  '""',
  '"é😀\\u2028\\u0000"',
  `"${"x".repeat(255)}"`,
  `"${"x".repeat(256)}"`,
  `"${"ä".repeat(70_000)}"`,
  "0",
  "1",
  "-1",
  "255",
  "256",
  "65535",
  "65536",
  "2147483647",
  "2147483648",
  "-2147483648",
  "-2147483649",
  "9007199254740991",
  "-9007199254740991",
  "9007199254740993",
  "-9007199254740993",
  "9223372036854775807",
  "9223372036854775808",
  "-9223372036854775808",
  "-9223372036854775809",
  "18446744073709551616",
  "340282366920938463463374607431768211456",
  `1${"0".repeat(700)}`,
  `-1${"0".repeat(700)}`,
  "0.1",
  "-0.0",
  "1e-320",
  "1.7976931348623157e308",
  "1e400",
  "-1e400",
  "1e20",
  "0.30000000000000004",
  "[]",
  "{}",
  "[[],{}]",
  '{"a":{"a":[1,{"b":null}]},"__proto__":1,"x":2}',
  `[${Array.from({ length: 2500 }, (_, n) => n).join(",")}]`,
  `{${Array.from({ length: 2500 }, (_, n) => `"k${n}":${n}`).join(",")}}`,
];

describe.skipIf(requirement("python").missing)("a pickle", () => {
  it("holds what Python's json reads from the same text, type for type", () => {
    const path = temporaryFile("all.pkl", pickled(texts.map(parseExactly)));
    const script = `
import json, pickle, sys
sys.set_int_max_str_digits(0)
read = pickle.load(open(sys.argv[1], "rb"))
meant = [json.loads(text) for text in json.load(sys.stdin)]
print(json.dumps([n for n, (a, b) in enumerate(zip(read, meant)) if a != b or type(a) is not type(b) or repr(a) != repr(b)] + [len(read)]))`;
    expect(runPython(script, [path], JSON.stringify(texts))).toEqual([texts.length]);
  });

  it("holds any JSON value", () => {
    const all = fc.sample(fc.json({ maxDepth: 4, stringUnit: "grapheme" }), 1000);
    const path = temporaryFile("any.pkl", pickled(all.map(parseExactly)));
    const script = `
import json, pickle, sys
print(json.dumps(pickle.load(open(sys.argv[1], "rb")) == [json.loads(text) for text in json.load(sys.stdin)]))`;
    expect(runPython(script, [path], JSON.stringify(all))).toBe(true);
  });

  it("takes integers of any length apart into as few bytes as Python does", () => {
    const edges = fc.sample(fc.bigInt({ min: -(2n ** 2100n), max: 2n ** 2100n }), 300);
    const powers = Array.from({ length: 300 }, (_, bits) => [
      2n ** BigInt(bits),
      -(2n ** BigInt(bits)),
      2n ** BigInt(bits) - 1n,
    ]).flat();
    // Bigints come from long digits only; smaller ones have shorter opcodes in Python.
    const all = [...edges, ...powers].filter((n) => n > 2n ** 32n || n < -(2n ** 32n));
    const path = temporaryFile("long.pkl", pickled(all));
    const script = `
import json, pickle, sys
data = open(sys.argv[1], "rb").read()
numbers = pickle.loads(data)
print(json.dumps([[str(n) for n in numbers], len(data) <= len(pickle.dumps(numbers, 4))]))`;
    expect(runPython(script, [path])).toEqual([all.map(String), true]);
  });

  it("is well formed over many frames, and its keys are written once", () => {
    const dicts = Array.from({ length: 20_000 }, (_, n) => ({
      a_long_name_of_a_field: n,
      [`k${n % 400}`]: "v",
    }));
    const path = temporaryFile("frames.pkl", pickled(dicts));
    const script = `
import io, json, pickle, pickletools, sys
data = open(sys.argv[1], "rb").read()
pickletools.dis(data, out=io.StringIO())
frames = sum(1 for op, arg, pos in pickletools.genops(data) if op.name == "FRAME")
print(json.dumps([pickle.loads(data), frames, data.count(b"a_long_name_of_a_field"), pickle._loads(data) == pickle.loads(data)]))`;
    const [read, frames, names, plain] = runPython(script, [path]) as [unknown, number, number, boolean];
    expect(read).toEqual(dicts);
    expect(frames).toBeGreaterThan(2);
    expect(names).toBe(1);
    // The unpickler in plain Python is stricter about frames than the one in C.
    expect(plain).toBe(true);
  });

  it("holds an empty list", () => {
    const path = temporaryFile("empty.pkl", pickled([]));
    expect(
      runPython("import json,pickle,sys; print(json.dumps(pickle.load(open(sys.argv[1],'rb'))))", [path]),
    ).toEqual([]);
  });

  it("is written and read without recursion", () => {
    const deep: unknown = JSON.parse(`${'[{"a":'.repeat(50_000)}7${"}]".repeat(50_000)}`);
    const path = temporaryFile("deep.pkl", pickled([deep]));
    const script = `
import json, pickle, sys
value, depth = pickle.load(open(sys.argv[1], "rb"))[0], 0
while not isinstance(value, int):
    value, depth = value[0]["a"], depth + 1
print(json.dumps([value, depth]))`;
    expect(runPython(script, [path])).toEqual([7, 50_000]);
  });

  it("keeps no more keys in mind than it has to", () => {
    const dicts = Array.from({ length: 6000 }, (_, n) => ({ [`made-up-${n}`]: n }));
    const path = temporaryFile("keys.pkl", pickled([...dicts, ...dicts]));
    const script = "import json,pickle,sys; print(json.dumps(pickle.load(open(sys.argv[1],'rb'))))";
    expect(runPython(script, [path])).toEqual([...dicts, ...dicts]);
  });

  it("replaces the half of a surrogate pair, as Python could not print it", () => {
    const path = temporaryFile("half.pkl", pickled(["a\ud800"]));
    const script = "import json,pickle,sys; print(json.dumps(pickle.load(open(sys.argv[1],'rb'))))";
    expect(runPython(script, [path])).toEqual(["a\ufffd"]);
  });
});

describe("PickledList", () => {
  it("gives frames away as they fill, so that it never holds much", () => {
    const list = new PickledList();
    const text = "x".repeat(1000);
    const sizes: number[] = [];
    for (let n = 0; n < 1000; n += 1) {
      list.append(text);
      const frame = list.takeFrame();
      if (frame !== undefined) sizes.push(frame.length);
    }
    expect(sizes.length).toBeGreaterThan(10);
    expect(Math.max(...sizes)).toBeLessThan(70_000);
  });

  it("writes -0 as a float and infinities as themselves", () => {
    expect(pickled([-Infinity]).includes(Buffer.from([0x47, 0xff, 0xf0, 0, 0, 0, 0, 0, 0]))).toBe(true);
    expect(pickled([-0]).includes(Buffer.from([0x47, 0x80, 0, 0, 0, 0, 0, 0, 0]))).toBe(true);
  });
});
