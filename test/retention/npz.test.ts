import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";
import { expect, it } from "vitest";
import { findPython } from "../../scripts/programs.mjs";
import { requirement } from "../requirements.js";
import { at, logFolder, pathsIn, retentionOf } from "./files.js";

const array = new Uint8Array(200_000).fill(7);
const PATH = "training/q/q_2026-05-01_1.npz";

it("an .npz file with stored arrays is compressed inside, under its name", async () => {
  const logDir = logFolder({
    [PATH]: zipSync({ "features.npy": array, "label.npy": array.subarray(0, 10) }, { level: 0 }),
  });
  const retention = retentionOf(logDir);
  const { done, failures } = await retention.run(at("2026-06-30"));
  expect([failures, done.map(({ step }) => step), pathsIn(logDir)]).toEqual([[], ["compress"], [PATH]]);
  expect(statSync(join(logDir, PATH)).size).toBeLessThan(2000);
  expect((await retention.run(at("2026-06-30"))).planned).toEqual([]);
});

it.each([
  [
    "has a manifest, which holds the hash of its bytes",
    { level: 0 as const },
    { "training/q/q_2026-05-01_1.json": "{}" },
  ],
  ["is compressed already", { level: 6 as const }, {}],
])("an .npz file that %s stays as it is", async (_why, options, more) => {
  const bytes = zipSync({ "features.npy": array }, options);
  const logDir = logFolder({ [PATH]: bytes, ...more });
  expect((await retentionOf(logDir).run(at("2026-06-30"))).planned).toEqual([]);
  expect(readFileSync(join(logDir, PATH)).equals(bytes)).toBe(true);
});

it("an .npz file that is cut short stays as it is, and is told", async () => {
  const bytes = zipSync({ "features.npy": array }, { level: 0 }).subarray(0, 1000);
  const logDir = logFolder({ [PATH]: bytes });
  const { failures } = await retentionOf(logDir).run(at("2026-06-30"));
  expect(failures).toMatchObject([{ step: "compress", path: PATH }]);
  expect(readFileSync(join(logDir, PATH)).equals(bytes)).toBe(true);
});

it.skipIf(requirement("python").missing)("NumPy reads the same arrays afterwards", async () => {
  const logDir = logFolder({ [PATH]: "" });
  const python = (code: string) =>
    execFileSync(findPython() ?? "", ["-c", `import numpy as np\npath = "${join(logDir, PATH)}"\n${code}`], {
      encoding: "utf8",
    });
  python(
    "np.savez(path, features=np.arange(60000, dtype=np.float32).reshape(-1, 3), label=np.ones(20000, dtype=np.int64), name=np.array(['a', 'bc']))",
  );
  const sum =
    "d = np.load(path, allow_pickle=False)\nprint(sorted(d), d['features'].shape, d['features'].sum(dtype=float), d['label'].sum(), list(d['name']))";
  const before = python(sum);
  const sizeBytes = statSync(join(logDir, PATH)).size;
  expect((await retentionOf(logDir).run(at("2026-06-30"))).failures).toEqual([]);
  expect(statSync(join(logDir, PATH)).size).toBeLessThan(sizeBytes / 2);
  expect(python(sum)).toBe(before);
});
