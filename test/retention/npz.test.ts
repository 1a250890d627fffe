import { readFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";
import { expect, it } from "vitest";
import { at, logFolder, retentionOf } from "./files.js";

const PATH = "training/q/q_2026-05-01_1.npz";

it("an .npz file is never compressed: NumPy opens no .npz.gz, and the arrays in it are compressed from its beginning", async () => {
  const bytes = zipSync({ "features.npy": new Uint8Array(200_000).fill(7) });
  const logDir = logFolder({ [PATH]: bytes });
  expect((await retentionOf(logDir).run(at("2026-06-30"))).planned).toEqual([]);
  expect(readFileSync(join(logDir, PATH)).equals(bytes)).toBe(true);
});
