import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { crc32 } from "../../../src/categories/formats/crc32.js";
import { codecOf, commonType } from "../../../src/categories/formats/npy-items.js";
import { NpzFile } from "../../../src/categories/formats/npz-reader.js";
import { runPython } from "../../programs.js";
import { requirement } from "../../requirements.js";
import { temporaryFile } from "../samples.js";

/** Type, shape and items of all arrays. */
async function readAll(path: string): Promise<Record<string, [string, readonly number[], unknown[]]>> {
  const file = await NpzFile.open(path);
  try {
    const arrays: Record<string, [string, readonly number[], unknown[]]> = {};
    for (const name of file.names) {
      const { descr, shape } = await file.header(name);
      const pieces: Buffer[] = [];
      for await (const piece of file.data(name)) pieces.push(piece);
      const bytes = Buffer.concat(pieces);
      const codec = codecOf(descr);
      const items = Array.from({ length: bytes.length / codec.itemBytes }, (_, n) =>
        codec.read(bytes, n * codec.itemBytes),
      );
      arrays[name] = [descr, shape, items];
    }
    return arrays;
  } finally {
    await file.close();
  }
}

const SAVE = `
import json, numpy, sys, zipfile
arrays = dict(features=numpy.arange(6, dtype="f4").reshape(3, 2), ts_ns=numpy.array([2**63 - 1, -1, 0]), text=numpy.array(["a", "é😀", ""]),
    big=numpy.array([2**64 - 1], dtype="u8"), yes=numpy.array([True, False]), float=numpy.array([0.1, float("inf")]), none=numpy.zeros((0, 4), dtype="f4"))
if sys.argv[2] == "zip64":
    with zipfile.ZipFile(sys.argv[1], "w", allowZip64=True) as zip:
        for name, array in arrays.items():
            with zip.open(name + ".npy", "w", force_zip64=True) as file:
                numpy.lib.format.write_array(file, array, version=(2, 0))
else:
    getattr(numpy, sys.argv[2])(sys.argv[1], **arrays)
print("0")`;

describe.skipIf(requirement("python").missing)("an .npz of numpy's own", () => {
  it.each(["savez", "savez_compressed", "zip64"])("by %s", async (how) => {
    const path = join(dirname(temporaryFile("x", "")), "a.npz");
    runPython(SAVE, [path, how]);
    expect(await readAll(path)).toEqual({
      features: ["<f4", [3, 2], [0, 1, 2, 3, 4, 5]],
      ts_ns: ["<i8", [3], [2n ** 63n - 1n, -1n, 0n]],
      text: ["<U2", [3], ["a", "é😀", ""]],
      big: ["<u8", [1], [2n ** 64n - 1n]],
      yes: ["|b1", [2], [true, false]],
      float: ["<f8", [2], [0.1, Number.POSITIVE_INFINITY]],
      none: ["<f4", [0, 4], []],
    });
  });

  it("that is damaged is refused, wherever that is", async () => {
    const path = join(dirname(temporaryFile("x", "")), "a.npz");
    for (const how of ["savez", "savez_compressed"]) {
      runPython(SAVE, [path, how]);
      const whole = readFileSync(path);
      for (let at = 0; at < whole.length; at += 13) {
        const cut = temporaryFile("cut.npz", whole.subarray(0, at));
        await expect(readAll(cut)).rejects.toThrow();
      }
      // The first array's data: its checksum is the only witness.
      const changed = Buffer.from(whole);
      const at = how === "savez" ? 200 : 110;
      changed[at] = changed[at]! ^ 1;
      await expect(readAll(temporaryFile("changed.npz", changed))).rejects.toThrow();
    }
  });
});

describe("crc32", () => {
  it("is that of the standard's test, in pieces too", () => {
    expect(crc32(Buffer.from("123456789"))).toBe(0xcbf43926);
    expect(crc32(Buffer.from("6789"), crc32(Buffer.from("12345")))).toBe(0xcbf43926);
  });
});

describe.skipIf(requirement("python").missing)("commonType", () => {
  const types = ["|b1", "<i8", "<u8", "<f8", "<f4", "<U3", "<U9"];
  const pairs = types.flatMap((a) => types.map((b): [string, string] => [a, b]));

  it("is numpy's for numbers, and for texts", () => {
    const numbers = pairs.filter(([a, b]) => a.startsWith("<U") === b.startsWith("<U"));
    const script = `
import json, numpy, sys
print(json.dumps([numpy.concatenate([numpy.zeros(1, a), numpy.zeros(1, b)]).dtype.str for a, b in json.load(sys.stdin)]))`;
    expect(numbers.map(([a, b]) => commonType(a, b))).toEqual(runPython(script, [], JSON.stringify(numbers)));
  });

  it("holds every number beside text", () => {
    const values = {
      "<i8": -(2n ** 63n),
      "<u8": 2n ** 64n - 1n,
      "<f8": -1.7976931348623157e308,
      "|b1": false,
    };
    for (const [type, value] of Object.entries(values)) {
      const codec = codecOf(commonType(type, "<U1"));
      const bytes = Buffer.alloc(codec.itemBytes);
      codec.write(bytes, 0, value);
      expect(codec.read(bytes, 0)).toBe(String(value));
      codec.write(bytes, 0, Number.NaN);
      expect(codec.read(bytes, 0)).toBe("");
    }
  });
});
