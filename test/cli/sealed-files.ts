import { copyFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import type { TrainingTarget } from "../../src/core/decision.js";
import { nsToTime } from "../../src/core/time.js";
import { createBench, decision, field, jsonRecord } from "../categories/samples.js";

/** When the first sample of a file with number 0 is from. */
export const START = 1_769_900_000_000_000_000n;

export const target: TrainingTarget = {
  category: "training",
  dataset: "price",
  format: "npz",
  features: [field("x"), field("list")],
  label: field("label"),
  classes: ["down", "up"],
  weight: field("weight"),
  fields: [field("text"), field("n")],
  rule: { id: "a-rule", definition: "0123456789abcdef" },
};

/** Seals a sample for each line, a second after the other from a thousand times the number on, as the file of that number; gives its path. */
export async function sealFile(
  logs: string,
  number: number,
  lines: readonly string[],
  of: TrainingTarget = target,
): Promise<string> {
  const { sink, writers } = createBench();
  for (const [at, line] of lines.entries()) {
    const ts = nsToTime(START + BigInt(number * 1000 + at) * 1_000_000_000n);
    expect(writers.write(jsonRecord(line, { ts }), decision(of))).toBe(1);
  }
  const [made = ""] = [...(await sink.finishAll()).values()];
  const path = join(logs, `training/price/price_2026-01-31_${number}.${of.format}`);
  mkdirSync(dirname(path), { recursive: true });
  for (const extension of [of.format, "json"])
    copyFileSync(made.replace(/\w+$/, extension), path.replace(/\w+$/, extension));
  return path;
}
