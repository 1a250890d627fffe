import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { runPython } from "../programs.js";
import { requirement } from "../requirements.js";

const program = fileURLToPath(new URL("../fixtures/finish-samples.mjs", import.meta.url));
const dist = fileURLToPath(new URL("../../dist", import.meta.url));
/** TEST_SAMPLES=1000000 takes a minute and needs as little memory. */
const SAMPLES = Number(process.env["TEST_SAMPLES"] ?? 50_000);

const folder = mkdtempSync(join(tmpdir(), "many-samples-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(requirement("python").missing)("many samples", { timeout: 300_000 }, () => {
  it("become a pickle in little memory, each as Python's json reads its line", () => {
    // They would not fit into such a heap.
    const args = ["--max-old-space-size=24", program, dist, folder, ".pkl", String(SAMPLES)];
    expect(Number(execFileSync(process.execPath, args, { encoding: "utf8" }))).toBeLessThan(200);
    const script = `
import gc, json, pickle, sys
gc.disable()
samples = pickle.load(open(sys.argv[1] + "/d.pkl", "rb"))
with open(sys.argv[1] + "/staged", encoding="utf-8") as lines:
    next(lines)
    same = 0
    for sample, line in zip(samples, lines):
        ts, features, label, (n,), *_ = json.loads(line)
        meant = {"ts": ts, "features": features, "label": label, "n": n}
        same += sample == meant and type(sample["label"]) is type(label) and type(sample["features"][1]) is type(features[1])
print(json.dumps([same, len(samples)]))`;
    expect(runPython(script, [folder])).toEqual([SAMPLES, SAMPLES]);
  });
});
