import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { joinPkl } from "../../src/categories/joining/join-pkl.js";
import { main } from "../../src/cli/program.js";
import type { TrainingTarget } from "../../src/core/decision.js";
import { nsToTime } from "../../src/core/time.js";
import { field } from "../categories/samples.js";
import { runPython } from "../programs.js";
import { requirement } from "../requirements.js";
import { START, sealFile, target } from "./sealed-files.js";

const pickled: TrainingTarget = { ...target, format: "pkl", classes: undefined };

let folder = "";
let logs = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "export-"));
  logs = join(folder, "logs");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function seal(number: number, objects: readonly object[], of: TrainingTarget = target): Promise<string> {
  const lines = objects.map((object) => JSON.stringify(object));
  return sealFile(logs, number, lines, of);
}

function archive(path: string): string {
  const to = path.replace("/training/", "/archive/training/");
  mkdirSync(dirname(to), { recursive: true });
  for (const name of readdirSync(dirname(path)).filter((each) =>
    path.startsWith(join(dirname(path), each.split(".")[0]!)),
  ))
    renameSync(join(dirname(path), name), join(dirname(to), name));
  return to;
}

async function run(...args: string[]): Promise<{ status: number; out: string }> {
  let out = "";
  const output = { write: (text: string) => (out += text) };
  const surroundings = { env: {}, shippedRules: "rules", output: { out: output, err: output } };
  const status = await main(["export", "training", ...args, "--log-dir", logs], surroundings);
  return { status, out };
}

const objects = (count: number, more: (n: number) => object = () => ({})) =>
  Array.from({ length: count }, (_, n) => ({
    x: n / 3,
    list: [n, -n],
    label: n % 2 ? "up" : "down",
    ...more(n),
  }));

/** Everything in the export, and whether it is what numpy makes of the files. */
const COMPARE = `
import hashlib, json, numpy, sys
out, files = sys.argv[1], sys.argv[2:]
with numpy.load(out, allow_pickle=False) as joined:
    same = {}
    for name in joined.files:
        parts = [numpy.load(path, allow_pickle=False)[name] for path in files]
        whole = parts[0] if name == "classes" else numpy.concatenate(parts)
        nan = whole.dtype.kind == "f"
        same[name] = [joined[name].dtype.str, whole.dtype.str == joined[name].dtype.str and numpy.array_equal(joined[name], whole, equal_nan=nan)]
manifest = json.load(open(out.replace(".npz", ".json")))
same["sha256"] = manifest["sha256"] == hashlib.sha256(open(out, "rb").read()).hexdigest()
print(json.dumps(same))`;

describe.skipIf(requirement("python").missing)("export training of .npz", () => {
  it("is what numpy concatenates, active and archived, stored and deflated, of types that differ", async () => {
    const first = archive(
      await seal(
        1,
        objects(300, (n) => ({ text: "a".repeat(n % 5), n })),
      ),
    );
    const second = await seal(
      2,
      objects(500, (n) => ({ text: `😀 ${n}`, ...(n % 7 ? { n } : {}), weight: n })),
    );
    const third = await seal(
      10,
      objects(10, (n) => ({ text: "z", n: n / 2 })),
    );
    const script =
      "import numpy,sys; a=dict(numpy.load(sys.argv[1])); numpy.savez(sys.argv[1], **a); print(0)";
    runPython(script, [second]);
    const out = join(folder, "all.npz");
    const { status, out: told } = await run("price", "--out", out);
    expect(status).toBe(0);
    expect(told).toContain("price: 810 samples of 3 files");
    expect(runPython(COMPARE, [out, first, second, third])).toEqual({
      features: ["<f4", true],
      label: ["<i8", true],
      classes: ["<U4", true],
      weight: ["<f4", true],
      ts_ns: ["<i8", true],
      text: ["<U5", true],
      n: ["<f8", true],
      sha256: true,
    });
    expect(JSON.parse(readFileSync(join(folder, "all.json"), "utf8"))).toMatchObject({
      dataset: "price",
      samples: 810,
      labels: { down: 405, up: 405 },
      features: [
        { name: "x", columns: 1 },
        { name: "list", columns: 2 },
      ],
      rules: [{ id: "a-rule", definition: "0123456789abcdef" }],
      first: nsToTime(START + 1_000_000_000_000n),
      split: null,
    });
    expect(readdirSync(folder).sort()).toEqual(["all.json", "all.npz", "logs"]);
  });

  it("has text where one file has text, and what is missing in a whole file is empty", async () => {
    await seal(
      1,
      objects(2, (n) => ({ n })),
    );
    await seal(
      2,
      objects(2, (n) => ({ n: n + 0.5, text: "t" })),
    );
    await seal(
      3,
      objects(2, (n) => ({ n: `n${n}`, text: "longer" })),
    );
    await run("price", "--out", join(folder, "a.npz"));
    const script =
      "import json,numpy,sys; a=numpy.load(sys.argv[1]); print(json.dumps([a['n'].tolist(), a['text'].tolist()]))";
    expect(runPython(script, [join(folder, "a.npz")])).toEqual([
      ["0", "1", "0.5", "1.5", "n0", "n1"],
      ["", "", "t", "t", "longer", "longer"],
    ]);
  });

  it("splits for scikit-learn: each sample on one side, always the same", async () => {
    await seal(1, objects(2000));
    await run("price", "--out", join(folder, "set.npz"), "--split", "0.8");
    await seal(3, objects(500));
    await run("price", "--out", join(folder, "later.npz"), "--split", "0.8");
    const script = `
import json, numpy, sys
sides = {}
for name in ["set", "later"]:
    for part in ["train", "test"]:
        with numpy.load(f"{sys.argv[1]}/{name}.{part}.npz", allow_pickle=False) as a:
            X, y, w = a["features"], a["label"], a["weight"]
            assert X.shape == (len(y), 3) and w.shape == y.shape and a["classes"].tolist() == ["down", "up"]
            assert numpy.array_equal(X[:, 1] % 2, y)
            sides[name + part] = set(a["ts_ns"].tolist())
print(json.dumps([len(sides["settrain"] | sides["settest"]), len(sides["settrain"] & sides["settest"]), len(sides["settrain"]) / 2000,
    sides["settrain"] <= sides["latertrain"], sides["settest"] <= sides["latertest"], len(sides["latertrain"]) + len(sides["latertest"])]))`;
    const [all, both, share, ...rest] = runPython(script, [folder]) as number[];
    expect([all, both, ...rest]).toEqual([2000, 0, true, true, 2500]);
    expect(Math.abs(share! - 0.8)).toBeLessThan(0.03);
    const manifest = JSON.parse(readFileSync(join(folder, "set.test.json"), "utf8"));
    expect(manifest).toMatchObject({ file: "set.test.npz", split: { part: "test", share: 0.8 } });
  });
});

describe("export training", () => {
  const shape = async (path: string) => {
    const manifest = JSON.parse(readFileSync(path.replace(".npz", ".json"), "utf8"));
    return manifest.arrays[0].shape;
  };

  it("leaves out what is earlier, and files of it whatever they look like", async () => {
    await seal(1, objects(5), { ...target, features: [field("x")] });
    await seal(2, objects(5));
    const out = join(folder, "late.npz");
    const since = nsToTime(START + 2_002_000_000_000n);
    await run("price", "--out", out, "--since", since);
    expect(await shape(out)).toEqual([3, 3]);
    await expect(run("price", "--out", out, "--since", "2027-01-01")).rejects.toThrow(
      /no sealed file that is late enough/,
    );
    await expect(run("price", "--out", out, "--since", "2026-01-31T23:59:59Z")).rejects.toThrow(
      /No sample is as late/,
    );
  });

  it.each<[string, Partial<TrainingTarget>, RegExp]>([
    [
      "another number of features",
      { features: [field("x")] },
      /features has 3 columns in the first, 1 in the second/,
    ],
    [
      "other features that are as many",
      { features: [field("list"), field("x")] },
      /columns of features are x, list\[2\] in the first, list\[2\], x in the second/,
    ],
    ["other arrays", { fields: [field("text")] }, /only the first has n/],
    ["more arrays", { fields: [field("text"), field("n"), field("new")] }, /only the second has new/],
    ["other classes", { classes: ["up", "down"] }, /classes are down, up and up, down/],
  ])("names two files of which one has %s", async (_name, other, why) => {
    await seal(1, objects(2));
    await seal(2, objects(2), { ...target, ...other });
    const failed = expect(run("price", "--out", join(folder, "a.npz"))).rejects;
    await failed.toThrow(
      /price_2026-01-31_1.npz and training\/price\/price_2026-01-31_2.npz do not fit together/,
    );
    await expect(run("price", "--out", join(folder, "a.npz"))).rejects.toThrow(why);
    expect(readdirSync(folder)).toEqual(["logs"]);
  });

  it("names a file that is damaged, leaves what was there before, and nothing of its own", async () => {
    await seal(1, objects(200));
    const out = join(folder, "a.npz");
    await run("price", "--out", out);
    const before = readFileSync(out);
    const path = await seal(2, objects(200));
    const bytes = readFileSync(path);
    bytes[150] = bytes[150]! ^ 0xff;
    writeFileSync(path, bytes);
    await expect(run("price", "--out", out)).rejects.toThrow(/price_2026-01-31_2.npz cannot be read: /);
    expect(readFileSync(out)).toEqual(before);
    expect(readdirSync(folder).sort()).toEqual(["a.json", "a.npz", "logs"]);
  });

  it("says what there is instead", async () => {
    await seal(1, objects(2));
    await expect(run("other", "--out", "a.npz")).rejects.toThrow(
      /no sealed file of dataset other .*There are: price/,
    );
    await expect(run("../training/price", "--out", "a.npz")).rejects.toThrow(/There are: price/);
    await expect(run("price", "--out", "a.pkl")).rejects.toThrow(
      /are .npz .*Give --out a name that ends in .npz/,
    );
    await expect(run("price", "--out", "a.csv")).rejects.toThrow(/ends in .npz, .parquet or .pkl/);
    await expect(run("price", "--out", "a.npz", "--split", "80%")).rejects.toThrow(
      /--split=80%: expected a share/,
    );
    await expect(run("price", "--out", "a.npz", "--since", "yesterday")).rejects.toThrow(/--since=yesterday/);
    await expect(run("price", "--out", join(folder, "no/a.npz"))).rejects.toThrow(
      /cannot be written: ENOENT/,
    );
  });

  it("finds files that retention packs and moves while it works", async () => {
    const first = await seal(1, objects(3), pickled);
    await seal(2, objects(3), pickled);
    const sources = [1, 2].map((number) => {
      let asked = 0;
      const path = first.replace("_1.pkl", `_${number}.pkl`);
      // The first answer is already wrong when it is used.
      return { name: `${number}`, locate: async () => (asked++ === 0 ? `${path}.moved` : path) };
    });
    const joined = await joinPkl({
      sources,
      selection: { sinceNs: undefined, share: undefined },
      targets: [join(folder, "a.pkl")],
      onProgress: () => undefined,
    });
    expect(joined.used.map(({ samples }) => samples)).toEqual([3, 3]);
  });

  it("leaves nothing of one that is broken off", async () => {
    await seal(1, objects(2));
    await seal(2, objects(2), pickled);
    for (const name of ["a.npz", "a.pkl"]) {
      // As soon as somebody listens for it.
      const end = (event: string | symbol) =>
        event === "SIGTERM" && setImmediate(() => process.emit("SIGTERM"));
      process.on("newListener", end);
      const running = run("price", "--out", join(folder, name)).finally(() =>
        process.off("newListener", end),
      );
      await expect(running).rejects.toThrow(/broken off/);
    }
    expect(readdirSync(folder)).toEqual(["logs"]);
  });

  it("never takes the place of a .json that is no manifest", async () => {
    await seal(1, objects(2));
    writeFileSync(join(folder, "a.json"), '{"mine":1}');
    await expect(run("price", "--out", join(folder, "a.npz"))).rejects.toThrow(
      /a.json is there and is no manifest/,
    );
    expect(readFileSync(join(folder, "a.json"), "utf8")).toBe('{"mine":1}');
  });

  it.each(["a.npz", "a.json"])("leaves nothing where %s is a folder", async (name) => {
    await seal(1, objects(2));
    mkdirSync(join(folder, name));
    await expect(run("price", "--out", join(folder, "a.npz"))).rejects.toThrow(`${name} is a folder`);
    expect(readdirSync(folder).sort()).toEqual([name, "logs"]);
  });

  it("does without a manifest that somebody changed", async () => {
    const manifest = (await seal(1, objects(2))).replace(/npz$/, "json");
    for (const text of ["{", "[]", '{"manifest":1,"rules":5}']) {
      writeFileSync(manifest, text);
      expect(await run("price", "--out", join(folder, "a.npz"))).toMatchObject({ status: 0 });
    }
  });
});

describe.skipIf(requirement("python").missing)("export training of .pkl", () => {
  it("is all lists as one, compressed ones too", async () => {
    const first = archive(
      await seal(
        1,
        objects(300, (n) => ({ text: { deep: [n] }, n: `${n}` })),
        pickled,
      ),
    );
    const second = await seal(
      2,
      objects(200, (n) => ({ list: Array(n % 4).fill(1.5), text: "é😀" })),
      pickled,
    );
    writeFileSync(`${first}.gz`, gzipSync(readFileSync(first)));
    rmSync(first);
    const out = join(folder, "all.pkl");
    await run("price", "--out", out);
    const script = `
import gzip, json, pickle, sys
out, first, second = sys.argv[1:]
joined = pickle.load(open(out, "rb"))
parts = pickle.load(gzip.open(first, "rb")) + pickle.load(open(second, "rb"))
print(json.dumps([len(joined), joined == parts, repr(joined) == repr(parts)]))`;
    expect(runPython(script, [out, `${first}.gz`, second])).toEqual([500, true, true]);
    const manifest = JSON.parse(readFileSync(join(folder, "all.json"), "utf8"));
    expect(manifest).toMatchObject({
      samples: 500,
      labels: { down: 250, up: 250 },
      keys: ["ts", "features", "label", "weight", "text", "n"],
    });
  });

  it("splits, and refuses dicts of other keys or features", async () => {
    await seal(1, objects(300), pickled);
    await run("price", "--out", join(folder, "s.pkl"), "--split", "0.5");
    const script = `
import json, pickle, sys
train, test = (pickle.load(open(f"{sys.argv[1]}/s.{part}.pkl", "rb")) for part in ("train", "test"))
print(json.dumps([len(train) + len(test), len({s["ts"] for s in train} & {s["ts"] for s in test}), min(len(train), len(test)) > 100]))`;
    expect(runPython(script, [folder])).toEqual([300, 0, true]);
    await seal(2, objects(2), { ...pickled, weight: undefined });
    await expect(run("price", "--out", join(folder, "t.pkl"))).rejects.toThrow(
      /_1.pkl and .*_2.pkl do not fit together: their keys are/,
    );
    await seal(2, objects(2), { ...pickled, features: [field("list"), field("x")] });
    await expect(run("price", "--out", join(folder, "t.pkl"))).rejects.toThrow(
      /columns of features are x, list in the first, list, x in the second/,
    );
    expect(readdirSync(folder).filter((name) => /^\.?t\./.test(name))).toEqual([]);
  });
});
