import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { main } from "../../src/cli/program.js";
import type { TrainingTarget } from "../../src/core/decision.js";
import { field } from "../categories/samples.js";
import { readParquetFile as read } from "./read-parquet.js";
import { target as plain, START, sealFile } from "./sealed-files.js";

const fields = ["text", "n", "id", "ok"].map(field);
const target: TrainingTarget = { ...plain, fields };

function seal(logs: string, number: number, count: number, of = target): Promise<string> {
  const lines = Array.from({ length: count }, (_, at) => {
    const id = at % 2 ? 9007199254740993n : 18446744073709551615n;
    return `{"x":${at / 4},"list":[${at},${-at}],"label":"${at % 2 ? "up" : "down"}","text":"가 ${at}","n":${at}.5,"id":${id},"ok":${at % 2 === 0}}`;
  });
  return sealFile(logs, number, lines, of);
}

async function run(folder: string, ...args: string[]): Promise<string> {
  let out = "";
  const output = { write: (text: string) => (out += text) };
  const surroundings = { env: {}, shippedRules: "rules", output: { out: output, err: output } };
  expect(
    await main(["export", "training", "price", ...args, "--log-dir", join(folder, "logs")], surroundings),
  ).toBe(0);
  return out;
}

it("writes a dataset as Parquet: features as a list, all else as columns, the manifest in the file and beside it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "parquet-"));
  await seal(join(folder, "logs"), 1, 300);
  await seal(join(folder, "logs"), 100, 12_000);
  const told = await run(folder, "--out", join(folder, "set.parquet"));
  expect(told).toContain("price: 12300 samples of 2 files");
  const { bytes, groups, metadata, types, rows } = await read(join(folder, "set.parquet"));
  expect(groups).toEqual([10_000, 2_300]);
  expect(types).toEqual({
    features: "List<Float32>",
    label: "Int64",
    weight: "Float32",
    ts_ns: "Int64",
    text: "Utf8",
    n: "Float64",
    id: "Uint64",
    ok: "Bool",
  });
  expect(rows).toHaveLength(12_300);
  expect(rows[301]).toEqual({
    features: [0.25, 1, -1],
    label: 1n,
    weight: 1,
    ts_ns: START + 100_001n * 1_000_000_000n,
    text: "가 1",
    n: 1.5,
    id: 9007199254740993n,
    ok: false,
  });
  expect(rows[12_298]).toMatchObject({
    features: [2999.5, 11_998, -11_998],
    label: 0n,
    id: 18446744073709551615n,
  });
  const manifest = JSON.parse(readFileSync(join(folder, "set.json"), "utf8"));
  expect(manifest).toMatchObject({
    format: "parquet",
    file: "set.parquet",
    samples: 12_300,
    bytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    classes: ["down", "up"],
    labels: { down: 6150, up: 6150 },
  });
  expect(manifest.columns.slice(0, 2)).toEqual([
    { name: "features", type: "list<float>" },
    { name: "label", type: "int64" },
  ]);
  const { bytes: _, sha256: __, columns: ___, ...known } = manifest;
  expect(JSON.parse(metadata.get("log-sidecar") ?? "")).toEqual(known);
  expect(readdirSync(folder).sort()).toEqual(["logs", "set.json", "set.parquet"]);
});

it("splits as for the other formats, and leaves the pickled to .pkl", async () => {
  const folder = mkdtempSync(join(tmpdir(), "parquet-"));
  await seal(join(folder, "logs"), 1, 400);
  await run(folder, "--out", join(folder, "set.parquet"), "--split", "0.8");
  const [train, test] = [
    await read(join(folder, "set.train.parquet")),
    await read(join(folder, "set.test.parquet")),
  ];
  const times = [...train.rows, ...test.rows].map((row) => row["ts_ns"]);
  expect(new Set(times).size).toBe(400);
  expect(train.rows.length).toBeGreaterThan(test.rows.length);
  const pickled = mkdtempSync(join(tmpdir(), "parquet-"));
  await seal(join(pickled, "logs"), 1, 2, { ...target, format: "pkl", classes: undefined });
  await expect(run(pickled, "--out", join(pickled, "set.parquet"))).rejects.toThrow(
    /are \.pkl.*ends in \.pkl/,
  );
});

it("lays a dataset out in a folder as the Hugging Face tools look for it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "parquet-"));
  await seal(join(folder, "logs"), 1, 40);
  await run(folder, "--out", join(folder, "set/"), "--split", "0.8");
  const files = readdirSync(join(folder, "set"), { recursive: true, withFileTypes: true });
  expect(
    files
      .filter((file) => file.isFile())
      .map(({ name }) => name)
      .sort(),
  ).toEqual(["test-00000-of-00001.parquet", "test.json", "train-00000-of-00001.parquet", "train.json"]);
  let rows = 0;
  for (const part of ["train", "test"]) {
    const set = await read(join(folder, `set/data/${part}-00000-of-00001.parquet`));
    const manifest = JSON.parse(readFileSync(join(folder, `set/manifests/${part}.json`), "utf8"));
    expect(manifest).toMatchObject({ samples: set.rows.length, split: { part } });
    rows += set.rows.length;
  }
  expect(rows).toBe(40);
});
