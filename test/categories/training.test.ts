import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { Refusals } from "../../src/categories/refusals.js";
import { TRAINING_FINISHERS } from "../../src/categories/training-files.js";
import type { TrainingTarget } from "../../src/core/decision.js";
import { VERSION } from "../../src/version.js";
import { describeCategoryWriter } from "../contract/category-writer.js";
import { runPython } from "../programs.js";
import { requirement } from "../requirements.js";
import { createBench, decision, field, jsonRecord, record, temporaryFile } from "./samples.js";

const npz: TrainingTarget = {
  category: "training",
  dataset: "sentiment",
  format: "npz",
  features: [field("confidence"), field("seconds")],
  label: field("label"),
  classes: undefined,
  weight: undefined,
  fields: [],
  rule: { id: "a-rule", definition: "0123456789abcdef" },
};
/** Where every sample of these tests comes from, as its line ends. */
const ORIGIN = ',"shop-api-1","a-rule","0123456789abcdef"]\n';
const pkl: TrainingTarget = { ...npz, format: "pkl" };
const fit = '{"confidence":0.85,"seconds":0.15,"label":1}';

for (const target of [npz, pkl]) {
  describeCategoryWriter("training", {
    target: () => ({ ...target }),
    dataText: fit,
    paths: [
      `training/sentiment/sentiment_2026-01-31.${target.format}`,
      `training/sentiment/sentiment_2026-02-01.${target.format}`,
    ],
  });
}

/** Writes the objects to one target, and gives the finished files' paths in the order of their opening. */
async function finished(target: TrainingTarget, texts: readonly string[]): Promise<string[]> {
  const { sink, writers } = createBench();
  for (const text of texts) writers.write(jsonRecord(text), decision(target));
  return [...(await sink.finishAll()).values()];
}

describe("a sample that cannot be learned from", () => {
  it.each([
    ["lacks a feature", '{"confidence":0.85,"label":1}'],
    ["has null for a feature", '{"confidence":0.85,"seconds":null,"label":1}'],
    ["has text for a feature", '{"confidence":0.85,"seconds":"fast","label":1}'],
    ["has a yes or no for a feature", '{"confidence":0.85,"seconds":true,"label":1}'],
    ["has an object for a feature", '{"confidence":0.85,"seconds":{},"label":1}'],
    ["has text in a list", '{"confidence":0.85,"seconds":["x"],"label":1}'],
    ["has a feature that float32 cannot hold", '{"confidence":0.85,"seconds":1e39,"label":1}'],
    ["lacks the label", '{"confidence":0.85,"seconds":1}'],
    ["has a list for a label", '{"confidence":0.85,"seconds":1,"label":[1]}'],
  ])("%s: is counted and goes to raw, once", (_why, text) => {
    for (const targets of [[npz], [npz, { category: "raw" }], [{ category: "raw" }, npz]] as const) {
      const { sink, writers, context } = createBench();
      expect(writers.write(jsonRecord(text), decision(...targets))).toBe(1);
      expect(sink.paths()).toEqual(["raw/api/log_2026-01-31.jsonl"]);
      expect(sink.entries).toBe(1);
      expect(context.telemetry.counters.get("samples_refused_total", "sentiment")).toBe(1);
      expect(context.telemetry.counters.get("records_written_total", "training")).toBe(0);
      expect(context.telemetry.counters.get("records_written_total", "raw")).toBe(1);
    }
  });

  it("has another number of features than the first of its file", () => {
    const { sink, writers } = createBench();
    const target = { ...npz, features: [field("vector")], label: undefined };
    const took = ["[1,2]", "[1,2,3]", "[3,4]", "[]"].map((vector) => {
      writers.write(jsonRecord(`{"vector":${vector}}`), decision(target));
      return sink.paths().length;
    });
    expect(took).toEqual([1, 2, 2, 2]);
    expect(sink.appended.filter((text) => text.startsWith("["))).toHaveLength(2);
    // Another day is another file, with a first sample of its own.
    writers.write(
      jsonRecord('{"vector":[1,2,3]}', { ts: "2026-02-01T00:00:00.000000000Z" }),
      decision(target),
    );
    expect(sink.paths()).toContain("training/sentiment/sentiment_2026-02-01.npz");
  });
});

describe("a sample", () => {
  it("is staged behind a line that says what its parts are", () => {
    const { sink, writers } = createBench();
    writers.write(jsonRecord(fit), decision({ ...npz, fields: [field("missing")] }));
    expect(sink.appended).toEqual([`["2026-01-31T23:59:59.123456789Z",[0.85,0.15],1,[null],null${ORIGIN}`]);
  });

  it("takes text that is a number, as logfmt knows only text", () => {
    const { sink, writers } = createBench();
    writers.write(record({ data: { confidence: "0.5", seconds: "-1e-3", label: "good" } }), decision(npz));
    expect(sink.appended[0]).toContain('[0.5,-0.001],"good"');
  });
});

describe("classes", () => {
  const target: TrainingTarget = { ...npz, features: [field("x")], classes: ["down", "up", "10"] };

  it.each([
    ['"up"', 1, "up"],
    ["1", 1, "up"],
    ["0", 0, "down"],
    ['"0"', 0, "down"],
    ["10", 2, "10"],
    ["-0", 0, "down"],
    ['"Up"', 1, "up"],
    ['"DOWN"', 0, "down"],
  ])("take %s", (label, number, name) => {
    for (const [format, stored] of [
      ["npz", number],
      ["pkl", name],
    ] as const) {
      const { sink, writers } = createBench();
      writers.write(jsonRecord(`{"x":1,"label":${label}}`), decision({ ...target, format }));
      expect(sink.appended).toEqual([
        `["2026-01-31T23:59:59.123456789Z",[1],${JSON.stringify(stored)},[],null${ORIGIN}`,
      ]);
    }
  });

  it("heed case where it is all that tells two of them apart", () => {
    const { sink, writers, context } = createBench();
    const two = { ...target, classes: ["m", "M", "other"] };
    for (const label of ["m", "M", "OTHER"]) {
      writers.write(jsonRecord(JSON.stringify({ x: 1, label })), decision(two));
    }
    expect(sink.appended.map((line) => JSON.parse(line.split("\n")[0]!)[2])).toEqual([0, 1, 2]);
    expect(context.refusals.take("sentiment")).toBeUndefined();
  });

  it.each(['"sideways"', "3", "-1", "0.5", '""', "[]", "{}", "true", "1e400"])("refuse %s", (label) => {
    const { writers, sink, context } = createBench();
    writers.write(jsonRecord(`{"x":1,"label":${label}}`), decision(target));
    expect(sink.paths()).toEqual(["raw/api/log_2026-01-31.jsonl"]);
    expect(context.refusals.take("sentiment")).toEqual([{ why: "unknown_class", field: "label", lines: 1 }]);
  });
});

describe("weights", () => {
  it.each([
    ["2", 2],
    ['"0.5"', 0.5],
    ["null", 1],
  ])("take %s", (weight, stored) => {
    const { writers, sink } = createBench();
    const target = { ...npz, features: [field("x")], label: undefined, weight: field("weight") };
    writers.write(jsonRecord(`{"x":1,"weight":${weight}}`), decision(target));
    expect(sink.appended).toEqual([`["2026-01-31T23:59:59.123456789Z",[1],null,[],${stored}${ORIGIN}`]);
  });

  it.each([
    ['"heavy"', "not_a_number"],
    ["1e39", "out_of_range"],
    ["[1]", "not_a_number"],
  ])("refuse %s", (weight, why) => {
    const { writers, context } = createBench();
    const target = { ...npz, features: [field("x")], label: undefined, weight: field("weight") };
    writers.write(jsonRecord(`{"x":1,"weight":${weight}}`), decision(target));
    expect(context.refusals.take("sentiment")).toEqual([{ why, field: "weight", lines: 1 }]);
  });
});

describe("lines that are no samples", () => {
  it("are told with the next sample, by reason, and once", () => {
    const { sink, writers } = createBench();
    const target = { ...npz, features: [field("x"), field("list")], label: undefined };
    const lines = [
      '{"x":1,"list":[1,2]}',
      '{"x":1}',
      '{"x":1,"list":[1,"a"]}',
      '{"x":1e300,"list":[1,2]}',
      '{"x":1}',
      '{"x":[1,2],"list":[3]}',
      '{"x":2,"list":[1,2]}',
      '{"x":3,"list":[1,2]}',
    ];
    for (const line of lines) writers.write(jsonRecord(line), decision(target));
    expect(sink.appended.filter((text) => !text.includes('"level"'))).toEqual([
      expect.stringContaining("[1,1,2]"),
      '{"refused":[["missing","list",2],["not_a_number","list",1],["out_of_range","x",1],["wrong_length","x",1]]}\n',
      expect.stringContaining("[2,1,2]"),
      expect.stringContaining("[3,1,2]"),
    ]);
  });

  it("survive a restart until they are told", () => {
    const before = new Refusals();
    before.add("d", { why: "missing", field: "x" });
    before.add("d", { why: "missing", field: "x" });
    before.add("e", { why: "unknown_class", field: "label" });
    const after = new Refusals(JSON.parse(before.snapshot()));
    after.add("d", { why: "missing", field: "x" });
    expect(after.take("d")).toEqual([{ why: "missing", field: "x", lines: 3 }]);
    expect(after.take("d")).toBeUndefined();
    expect(JSON.parse(after.snapshot())).toEqual({ e: [{ why: "unknown_class", field: "label", lines: 1 }] });
    expect(new Refusals("something else").snapshot()).toBe("{}");
  });
});

describe("a manifest", () => {
  const target: TrainingTarget = {
    ...npz,
    features: [field("confidence"), field("vector")],
    classes: ["no", "yes"],
    weight: field("weight"),
    fields: [field("model")],
  };
  const lines = [
    '{"confidence":0.5,"vector":[1,2],"label":"yes","model":"v1"}',
    '{"confidence":0.5,"vector":[1,2]}',
    '{"confidence":0.25,"vector":[3,4],"label":"no","weight":3}',
    '{"confidence":0.25,"vector":[3,4],"label":1}',
  ];
  const common = {
    manifest: 1,
    dataset: "sentiment",
    samples: 3,
    first: "2026-01-31T23:59:59.123456789Z",
    last: "2026-01-31T23:59:59.123456789Z",
    classes: ["no", "yes"],
    labels: { no: 1, yes: 2 },
    rules: [{ id: "a-rule", definition: "0123456789abcdef", samples: 3 }],
    containers: { "shop-api-1": 3 },
    refused: { lines: 1, reasons: [{ why: "missing", field: "label", lines: 1 }] },
    sidecar: VERSION,
  };

  it.each([
    [
      "npz",
      {
        features: [
          { name: "confidence", columns: 1 },
          { name: "vector", columns: 2 },
        ],
        arrays: [
          { name: "features", dtype: "<f4", shape: [3, 3] },
          { name: "label", dtype: "<i8", shape: [3] },
          { name: "classes", dtype: "<U3", shape: [2] },
          { name: "weight", dtype: "<f4", shape: [3] },
          { name: "ts_ns", dtype: "<i8", shape: [3] },
          { name: "model", dtype: "<U2", shape: [3] },
        ],
      },
    ],
    [
      "pkl",
      {
        features: [
          { name: "confidence", columns: null },
          { name: "vector", columns: null },
        ],
        keys: ["ts", "features", "label", "weight", "model"],
      },
    ],
  ] as const)("says what is in a .%s and where it came from", async (format, own) => {
    const [path = ""] = await finished({ ...target, format }, lines);
    const data = readFileSync(path);
    expect(JSON.parse(readFileSync(path.replace(/\.\w+$/, ".json"), "utf8"))).toEqual({
      ...common,
      ...own,
      format,
      file: basename(path),
      bytes: data.length,
      sha256: createHash("sha256").update(data).digest("hex"),
    });
  });

  it("does not count labels that are measurements", async () => {
    const texts = Array.from({ length: 1500 }, (_, n) => `{"confidence":1,"seconds":1,"label":${n / 7}}`);
    const [path = ""] = await finished(npz, texts);
    expect(JSON.parse(readFileSync(path.replace(".npz", ".json"), "utf8"))).toMatchObject({
      samples: 1500,
      labels: null,
    });
  });
});

describe.skipIf(requirement("python").missing)(".npz", () => {
  it("holds classes and weights for scikit-learn", async () => {
    const target = { ...npz, classes: ["no", "yes"], weight: field("weight") };
    const [path = ""] = await finished(target, [
      '{"confidence":1,"seconds":2,"label":"yes","weight":0.5}',
      '{"confidence":1,"seconds":2,"label":"no"}',
    ]);
    const script = `
import json, numpy, sys
with numpy.load(sys.argv[1], allow_pickle=False) as a:
    print(json.dumps([a["classes"][a["label"]].tolist(), a["label"].dtype.str, a["weight"].tolist(), a["weight"].dtype.str]))`;
    expect(runPython(script, [path])).toEqual([["yes", "no"], "<i8", [0.5, 1], "<f4"]);
  });

  it("holds odd numbers and texts", async () => {
    const target = { ...npz, features: [field("x")], label: undefined, fields: [field("n"), field("t")] };
    const [path = ""] = await finished(target, [
      '{"x":-0.0,"n":-0.0,"t":"a\\u0000b"}',
      '{"x":1e-320,"n":1e-320,"t":"\\ud800 half"}',
      '{"x":1e-40,"n":1e400,"t":"😀"}',
      '{"x":3.4028234663852886e38,"n":-1e400,"t":"e\\u0301"}',
    ]);
    const script = `
import json, numpy, sys
with numpy.load(sys.argv[1], allow_pickle=False) as a:
    print(json.dumps([[repr(float(x)) for x in a["features"][:, 0]], [repr(x) for x in a["n"].tolist()], a["t"].tolist()]))`;
    expect(runPython(script, [path])).toEqual([
      ["-0.0", "0.0", "9.99994610111476e-41", "3.4028234663852886e+38"],
      ["-0.0", "1e-320", "inf", "-inf"],
      ["a\0b", "\ufffd half", "😀", "e\u0301"],
    ]);
  });
  it("holds features, label, times and the other named fields", async () => {
    const target = {
      ...npz,
      features: [field("confidence"), field("vector")],
      fields: [field("model"), field("id"), field("features"), { ...field("ok"), name: "a/b" }],
    };
    const [path = ""] = await finished(target, [
      '{"confidence":0.5,"vector":[1,2],"label":1,"model":"v1","id":1234567890123456789,"features":"f","ok":true}',
      '{"confidence":0.25,"vector":[3,-4.5],"label":0,"id":2,"features":"g","ok":false}',
    ]);
    const script = `
import json, numpy, sys
with numpy.load(sys.argv[1], allow_pickle=False) as a:
    print(json.dumps({n: [a[n].dtype.str, [str(v) for v in a[n].tolist()]] for n in a.files}))`;
    expect(runPython(script, [path])).toEqual({
      features: ["<f4", ["[0.5, 1.0, 2.0]", "[0.25, 3.0, -4.5]"]],
      label: ["<i8", ["1", "0"]],
      ts_ns: ["<i8", ["1769903999123456789", "1769903999123456789"]],
      model: ["<U2", ["v1", ""]],
      id: ["<i8", ["1234567890123456789", "2"]],
      features_2: ["<U1", ["f", "g"]],
      a_b: ["|b1", ["True", "False"]],
    });
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  it.each([
    ["int64", ["1", "0"], "<i8"],
    ["float64", ["1", "0.5"], "<f8"],
    ["text", ['"good"', '"bad"'], "<U4"],
    ["bool", ["true", "false"], "|b1"],
  ])("has labels of %s", async (_name, labels, dtype) => {
    const [path = ""] = await finished(
      npz,
      labels.map((label) => `{"confidence":1,"seconds":2,"label":${label}}`),
    );
    const script = "import json,numpy,sys; print(json.dumps(numpy.load(sys.argv[1])['label'].dtype.str))";
    expect(runPython(script, [path])).toBe(dtype);
  });

  it("has no label where the rule names none", async () => {
    const [path = ""] = await finished({ ...npz, label: undefined }, [fit]);
    const script =
      "import json,numpy,sys; a=numpy.load(sys.argv[1]); print(json.dumps([a.files, a['features'].shape]))";
    expect(runPython(script, [path])).toEqual([
      ["features", "ts_ns"],
      [1, 2],
    ]);
  });

  it("holds many samples", async () => {
    const count = 30_000;
    const [path = ""] = await finished(
      npz,
      Array.from({ length: count }, (_, n) => `{"confidence":${n},"seconds":0.5,"label":${n % 3}}`),
    );
    const script =
      "import json,numpy,sys; a=numpy.load(sys.argv[1]); print(json.dumps([a['features'].shape, float(a['features'][:,0].astype('f8').sum()), int(a['label'].sum())]))";
    expect(runPython(script, [path])).toEqual([[count, 2], (count * (count - 1)) / 2, count]);
  });
});

describe.skipIf(requirement("python").missing)(".pkl", () => {
  it("is a list of dicts of plain values, also for pandas", async () => {
    const target = {
      ...pkl,
      features: [field("vector")],
      fields: [field("meta"), field("ts"), { ...field("__proto__"), name: "__proto__" }],
    };
    const [path = ""] = await finished(target, [
      '{"vector":[1,2.5],"label":"good","meta":{"a":[1,null,true,"é😀"],"id":1234567890123456789},"ts":"t"}',
      '{"vector":[1],"label":"bad","__proto__":1e400}',
    ]);
    const script = `
import json, pandas, pickle, sys
samples = pickle.load(open(sys.argv[1], "rb"))
table = pandas.DataFrame(samples)
print(json.dumps([repr(samples), list(table.columns), table.shape]))`;
    const ts = "'ts': '2026-01-31T23:59:59.123456789Z'";
    expect(runPython(script, [path])).toEqual([
      `[{${ts}, 'features': [1, 2.5], 'label': 'good', 'meta': {'a': [1, None, True, 'é😀'], 'id': 1234567890123456789}, 'ts_2': 't', '__proto__': None}, ` +
        `{${ts}, 'features': [1], 'label': 'bad', 'meta': None, 'ts_2': None, '__proto__': inf}]`,
      ["ts", "features", "label", "meta", "ts_2", "__proto__"],
      [2, 6],
    ]);
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  it("has no label where the rule names none", async () => {
    const [path = ""] = await finished({ ...pkl, label: undefined }, [fit]);
    const script =
      "import json,pickle,sys; print(json.dumps([list(d) for d in pickle.load(open(sys.argv[1],'rb'))]))";
    expect(runPython(script, [path])).toEqual([["ts", "features"]]);
  });

  it("takes samples that differ in length, and any label", async () => {
    const paths = await finished(pkl, [
      '{"confidence":[1,2,3],"seconds":0,"label":{"boxes":[[1,2]]}}',
      '{"confidence":1e300,"seconds":0,"label":[]}',
    ]);
    const script =
      "import json,pickle,sys; print(json.dumps([[d['features'],d['label']] for d in pickle.load(open(sys.argv[1],'rb'))]))";
    expect(paths).toHaveLength(1);
    expect(runPython(script, paths)).toEqual([
      [[1, 2, 3, 0], { boxes: [[1, 2]] }],
      [[1e300, 0], []],
    ]);
  });

  it("is written of samples nested as deep as a line is long", async () => {
    const [path = ""] = await finished({ ...pkl, fields: [field("deep")] }, [
      `{"confidence":1,"seconds":1,"label":1,"deep":${"[".repeat(20_000)}${"]".repeat(20_000)}}`,
    ]);
    expect(
      runPython("import json,pickle,sys; print(json.dumps(len(pickle.load(open(sys.argv[1],'rb')))))", [
        path,
      ]),
    ).toBe(1);
  });
});

describe("a staged file that something else changed", () => {
  const schema =
    '{"version":2,"dataset":"d","format":"npz","features":["a"],"widths":[1],"label":null,"classes":null,"weight":null,"fields":[]}';

  it.each([
    ["a torn line", `${schema}\n["2026-01-31T23:59:59.123456789Z",[1],null,[],null${ORIGIN}["2026-\n`, 3],
    [
      "a vector of another length",
      `${schema}\n["2026-01-31T23:59:59.123456789Z",[1,2],null,[],null${ORIGIN}`,
      2,
    ],
    ["nothing in it", "", 1],
    ["no schema", "hello\n", 1],
  ])("%s: says which line", async (_name, text, line) => {
    const source = temporaryFile("x.staged", text);
    await expect(TRAINING_FINISHERS[".npz"](source, `${source}.npz`)).rejects.toThrow(
      `${source}:${line} is not`,
    );
    await expect(TRAINING_FINISHERS[".pkl"](source, `${source}.pkl`)).rejects.toThrow(
      `${source}:${line} is not`,
    );
  });

  it("is gone: says so", async () => {
    await expect(TRAINING_FINISHERS[".npz"]("/nowhere/x", "/nowhere/y")).rejects.toThrow("ENOENT");
  });
});

describe.skipIf(requirement("python").missing)("a staged file without samples", () => {
  it("becomes empty arrays and an empty list", async () => {
    const schema =
      '{"version":2,"dataset":"d","format":"npz","features":["a","b"],"widths":[1,1],"label":"label","classes":null,"weight":null,"fields":["f"]}\n';
    const source = temporaryFile("x.staged", schema);
    await TRAINING_FINISHERS[".npz"](source, `${source}.npz`);
    await TRAINING_FINISHERS[".pkl"](source, `${source}.pkl`);
    const script = `
import json, numpy, pickle, sys
arrays = numpy.load(sys.argv[1] + ".npz", allow_pickle=False)
print(json.dumps([{n: arrays[n].shape for n in arrays.files}, pickle.load(open(sys.argv[1] + ".pkl", "rb"))]))`;
    expect(runPython(script, [source])).toEqual([{ features: [0, 2], label: [0], ts_ns: [0], f: [0] }, []]);
  });
});
