import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { safeName } from "../../src/core/names.js";
import { ownDays, parseFolder, parseName } from "../../src/retention/names.js";

function read(path: string) {
  const at = path.lastIndexOf("/");
  const place = parseFolder(path.slice(0, at));
  return place && parseName(place, path.slice(at + 1));
}

describe("a name of the sidecar's", () => {
  it.each([
    ["raw/web/log_2026-01-31.jsonl", "raw", false, false],
    ["raw/web/error_2026-01-31.12.jsonl.gz", "raw", false, true],
    ["archive/raw/web/log_2026-01-31.jsonl.gz", "raw", true, true],
    ["summary/fills/fills_2026-01-31.csv", "summary", false, false],
    ["summary/a_2026-01-01/a_2026-01-01_2026-01-31.1.csv.gz", "summary", false, true],
    ["summary/_other/anything-0123456789abcdef_2026-01-31.csv", "summary", false, false],
    ["training/q/q_2026-01-31_7.npz", "training", false, false],
    ["archive/training/q/q_2026-01-31_7.pkl.gz", "training", true, true],
    ["tagged/permanent/events_2026-01-31.jsonl", "tagged", false, false],
    ["tagged/90d/events_2026-01-31.3.jsonl.gz", "tagged", false, true],
  ])("%s", (path, category, archived, zipped) => {
    expect(read(path)).toEqual({ category, archived, zipped, date: "2026-01-31" });
  });

  it("is each that a name from a log can give", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        const part = safeName(name);
        expect(read(`raw/${part}/log_2026-01-31.jsonl`)).toBeDefined();
        expect(read(`summary/${part}/${part}_2026-01-31.csv`)).toBeDefined();
        expect(read(`training/${part}/${part}_2026-01-31_1.npz`)).toBeDefined();
      }),
    );
  });
});

it.each([
  "raw/web/log_2026-02-30.jsonl",
  "raw/web/log_2026-01-31.jsonl.gz.gz",
  "raw/web/log_2026-01-31.jsonl.bak",
  "raw/web/xlog_2026-01-31.jsonl",
  "raw/web/log_2026-01-31.csv",
  "raw/log_2026-01-31.jsonl",
  "raw/web/deep/log_2026-01-31.jsonl",
  "raw/../log_2026-01-31.jsonl",
  "raw/.web/log_2026-01-31.jsonl",
  "summary/fills/other_2026-01-31.csv",
  "summary/fills/xfills_2026-01-31.csv",
  "training/q/q_2026-01-31.npz",
  "training/q/q_2026-01-31_1.npz.gz",
  "training/q/q_2026-01-31_1.json",
  "tagged/permanent/log_2026-01-31.jsonl",
  "archive/archive/raw/web/log_2026-01-31.jsonl",
  "other/web/log_2026-01-31.jsonl",
])("%s is not the sidecar's", (path) => {
  expect(read(path)).toBeUndefined();
});

it("tells how long the folders of tagged are kept", () => {
  expect(["permanent", "90d", "1d", "0d", "90", "d90d", "90w"].map(ownDays)).toEqual([
    undefined,
    90,
    1,
    ...Array(4).fill(undefined),
  ]);
});
