import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { afterEach, beforeEach, expect, it } from "vitest";
import { landedFiles, tableOf } from "../../scripts/landed.mjs";

let logs = "";
beforeEach(() => {
  logs = mkdtempSync(join(tmpdir(), "landed-"));
});
afterEach(() => rmSync(logs, { recursive: true, force: true }));

function put(name: string, content: string | Uint8Array): string {
  const path = join(logs, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

it("counts lines, rows and samples of each file, and samples not sealed yet", () => {
  put("raw/web/log_2026-01-31.jsonl", "{}\n{}\n");
  put("summary/t/t_2026-01-31.csv", "a,b\n1,2\n");
  const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (17, 2), }";
  put("training/s/s_2026-01-31_1.npz", zipSync({ "features.npy": strToU8(header) }));
  put("training/s/s_2026-01-31_1.json", "{}");
  put(".sidecar/staged/s_2026-01-31_1.npz.ab", "schema\nsample\n");
  put(".sidecar/staged/s_2026-01-31_2.npz.ab", '{"version":2}\n{"refused":[]}\n["sample"]\n');
  put(".sidecar/checkpoint.json", "{}");
  const found = landedFiles(logs, 0).map(({ category, count, unit }) => `${category} ${count} ${unit}`);
  expect(found).toEqual([
    "raw 2 lines",
    "summary 1 rows",
    "training 17 samples",
    "training 1 samples, not sealed yet",
  ]);
});

it("leaves out what was there before", () => {
  const path = put("raw/web/log_2026-01-30.jsonl", "{}\n");
  utimesSync(path, 1, 1);
  expect(landedFiles(logs, 2_000)).toEqual([]);
  expect(tableOf([])).toEqual(["nothing yet"]);
});

it("puts columns under each other and counts what there is no room for", () => {
  const file = { category: "raw", file: "a", count: 1, unit: "lines", bytes: 9 };
  const long = { ...file, file: "a-longer-name", count: 1234 };
  expect(tableOf([file, long, file], 2)).toEqual([
    "raw  a              1 lines     9 bytes",
    "raw  a-longer-name  1234 lines  9 bytes",
    "… and 1 more files",
  ]);
});
