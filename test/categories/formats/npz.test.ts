import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { float32Array, type NpyArray, npyHeader, textArray } from "../../../src/categories/formats/npy.js";
import { npyColumn } from "../../../src/categories/formats/npy-column.js";
import { memberName, npzStream } from "../../../src/categories/formats/npz.js";
import { runPython } from "../../programs.js";
import { requirement } from "../../requirements.js";
import { temporaryFile } from "../samples.js";

async function npzBytes(arrays: Record<string, NpyArray>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of npzStream(new Map(Object.entries(arrays)))) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function npzFile(arrays: Record<string, NpyArray>): Promise<string> {
  return temporaryFile("a.npz", await npzBytes(arrays));
}

/** dtype, shape and items (floats by repr, so that NaN can be told) of all arrays. */
const DESCRIBE = `
import json, numpy, sys
def plain(value):
    return repr(value) if isinstance(value, float) or isinstance(value, int) and abs(value) > 2**53 else value
with numpy.load(sys.argv[1], allow_pickle=False) as arrays:
    print(json.dumps({name: [arrays[name].dtype.str, list(arrays[name].shape), [plain(v) for v in arrays[name].ravel().tolist()]] for name in arrays.files}))`;

describe("npyHeader", () => {
  it("puts the data at a multiple of 64 bytes, whatever the shape", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
        fc.nat({ max: 100_000 }),
        (shape, width) => {
          const header = Buffer.from(npyHeader({ descr: `<U${width}`, shape }));
          expect(header.length % 64).toBe(0);
          expect(header.readUInt16LE(8)).toBe(header.length - 10);
          expect(header.at(-1)).toBe(10);
        },
      ),
    );
  });
});

describe("memberName", () => {
  it("keeps the array inside the file's own folder", () => {
    expect(memberName("../../a\\b\0c.d é")).toBe(".._.._a_b_c.d é");
  });
});

describe("npyColumn", () => {
  it.each([
    ["integers", [1, 0, -5], "<i8"],
    ["booleans", [true, false], "|b1"],
    ["booleans among integers", [true, 2], "<i8"],
    ["fractions", [1, 0.5], "<f8"],
    ["integers of which some are missing", [1, null], "<f8"],
    ["booleans of which some are missing", [true, undefined], "<f8"],
    ["texts", ["a", "bcd"], "<U3"],
    ["texts of which some are missing", ["a", null], "<U1"],
    ["texts and numbers", ["a", 10], "<U2"],
    ["emoji", ["😀😀"], "<U2"],
    ["objects", [{ a: 1 }], "<U7"],
    ["empty texts", [""], "<U1"],
    ["nothing but missing ones", [null, null], "<f8"],
    ["minus zero", [-0, 1], "<f8"],
  ])("of %s", (_name, values, descr) => {
    expect(npyColumn(values).descr).toBe(descr);
  });

  it("takes the type that holds long integers", () => {
    expect(npyColumn([2n ** 63n - 1n, -(2n ** 63n), 1]).descr).toBe("<i8");
    expect(npyColumn([2n ** 63n, 1]).descr).toBe("<u8");
    expect(npyColumn([2n ** 63n, -1]).descr).toBe("<f8");
    expect(npyColumn([2n ** 63n, -(2n ** 60n)]).descr).toBe("<f8");
    expect(npyColumn([2n ** 64n]).descr).toBe("<f8");
  });

  it("is text where long integers would lose digits beside missing ones", () => {
    expect(npyColumn([2n ** 53n + 1n, null, 7]).descr).toBe("<U16");
    expect(npyColumn([undefined, -(2n ** 63n)]).descr).toBe("<U20");
    expect(npyColumn([2n ** 64n - 1n, null]).descr).toBe("<U20");
    expect(npyColumn([2n ** 53n + 1n, null, 0.5]).descr).toBe("<f8");
    expect(npyColumn([2n ** 70n, null]).descr).toBe("<f8");
  });

  it("does not let one long text blow up all others", () => {
    const values: string[] = Array.from({ length: 100_000 }, () => "short");
    values[5] = "x".repeat(1_000_000);
    const { sizeBytes, cut } = npyColumn(values);
    expect(sizeBytes).toBeLessThanOrEqual(256 * 1024 * 1024);
    expect(cut).toBe(1);
    expect(npyColumn(values.slice(6)).cut).toBe(0);
  });
});

describe("npzStream", () => {
  it("makes the same bytes of the same arrays", async () => {
    const make = () => npzBytes({ a: npyColumn([1, 2]) });
    expect(await make()).toEqual(await make());
  });

  it("fails with what an array fails with, and with one that is not as long as it says", async () => {
    const array = (pieces: NpyArray["pieces"]): NpyArray => ({
      descr: "<f4",
      shape: [2],
      sizeBytes: 8,
      pieces,
    });
    const failing = array(async function* () {
      yield new Uint8Array(4);
      throw new Error("the second half is gone");
    });
    await expect(npzBytes({ a: failing })).rejects.toThrow("the second half is gone");
    await expect(npzBytes({ a: array(() => [new Uint8Array(4)]) })).rejects.toThrow(/number of bytes/);
  });

  it("ends the array's reading when nobody wants the rest", async () => {
    let ended = false;
    const pieces = async function* () {
      try {
        for (;;) yield new Uint8Array(1e6).map(() => Math.random() * 256);
      } finally {
        ended = true;
      }
    };
    const stream = npzStream(new Map([["a", { descr: "|b1", shape: [1e12], sizeBytes: 1e12, pieces }]]));
    for await (const piece of stream) if (piece.length > 1000) break;
    await expect.poll(() => ended).toBe(true);
  });
});

describe.skipIf(requirement("python").missing)("numpy", () => {
  it("loads every type without pickle", async () => {
    const path = await npzFile({
      features: float32Array(Float32Array.from([0.5, 1, 2, -0.25, 3e38, 1e-40]), [3, 2]),
      int: npyColumn([1, -2, 9007199254740993n]),
      uint: npyColumn([2n ** 64n - 1n]),
      float: npyColumn([0.1, null, Infinity]),
      bool: npyColumn([true, false]),
      text: npyColumn(["", "é😀", "日本語", null, 5, [1]]),
      empty: npyColumn([]),
      "näme.with dots": npyColumn([1]),
    });
    expect(runPython(DESCRIBE, [path])).toEqual({
      features: [
        "<f4",
        [3, 2],
        [
          "0.5",
          "1.0",
          "2.0",
          "-0.25",
          expect.stringMatching(/^(3e\+38|2.99.*e\+38|3.0.*e\+38)$/),
          expect.stringMatching(/e-41$|e-40$/),
        ],
      ],
      int: ["<i8", [3], [1, -2, "9007199254740993"]],
      uint: ["<u8", [1], ["18446744073709551615"]],
      float: ["<f8", [3], ["0.1", "nan", "inf"]],
      bool: ["|b1", [2], [true, false]],
      text: ["<U3", [6], ["", "é😀", "日本語", "", "5", "[1]"]],
      empty: ["<f8", [0], []],
      "näme.with dots": ["<i8", [1], [1]],
    });
  });

  it("loads arrays of many pieces", async () => {
    const count = 100_000;
    const path = await npzFile({
      features: float32Array(
        Float32Array.from({ length: count * 3 }, (_, n) => n),
        [count, 3],
      ),
      n: npyColumn(Array.from({ length: count }, (_, n) => n)),
      text: npyColumn(Array.from({ length: count }, (_, n) => `t${n}`)),
    });
    const script = `
import json, numpy, sys
with numpy.load(sys.argv[1], allow_pickle=False) as a:
    n = numpy.arange(${count})
    same = [numpy.array_equal(a["features"], numpy.arange(${count} * 3, dtype="f4").reshape(-1, 3)), numpy.array_equal(a["n"], n), a["text"].tolist() == [f"t{i}" for i in n]]
print(json.dumps([bool(s) for s in same]))`;
    expect(runPython(script, [path])).toEqual([true, true, true]);
  });

  it("finds the ZIP file sound", async () => {
    const path = await npzFile({ a: npyColumn(["x".repeat(1000), "y"]), b: textArray(["cut here"], 3) });
    const script =
      "import json,sys,zipfile,numpy; z=zipfile.ZipFile(sys.argv[1]); print(json.dumps([z.testzip(), z.namelist(), numpy.load(sys.argv[1])['b'].tolist()]))";
    expect(runPython(script, [path])).toEqual([null, ["a.npy", "b.npy"], ["cut"]]);
  });
});
