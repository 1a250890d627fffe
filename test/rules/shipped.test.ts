import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { applyEdits } from "../../src/pipeline/edits.js";
import { hiddenRules } from "../../src/rules/hidden.js";
import { loadRules } from "../../src/rules/load.js";
import { runTests } from "../../src/rules/self-test.js";
import { recordOf, understand } from "./records.js";

const SHIPPED = fileURLToPath(new URL("../../rules", import.meta.url));

it("the shipped rules load, their tests hold, and none hides another", async () => {
  const rules = await loadRules(SHIPPED);
  expect(rules.files.map((file) => file.slice(SHIPPED.length + 1))).toEqual([
    "batch.yaml",
    "defaults.yaml",
    "onnx.yaml",
    "security.yaml",
    "training.yaml",
  ]);
  expect(runTests(rules, understand, applyEdits)).toEqual([]);
  expect(hiddenRules(rules.native)).toEqual([]);
  const tested = new Set(rules.tests.flatMap(({ source }) => source.rule?.split(",") ?? []));
  expect(rules.native.map(({ id }) => id).filter((id) => !tested.has(id))).toEqual([]);
});

it.each<[string, object, string[]]>([
  [
    "both spellings of the component",
    { component: "onnx-sentiment", event_type: "inference", confidence: 1 },
    ["raw", "summary"],
  ],
  ["another component's inference", { component: "other", event_type: "inference", confidence: 1 }, ["raw"]],
  [
    "an inference error",
    { component: "onnx_sentiment", event_type: "inference_error", level: "error" },
    ["raw"],
  ],
  [
    "a batch in another event's name",
    { event_type: "x", batch_size: 1, processing_time: 1, success_count: 1, error_count: 0 },
    ["raw", "summary"],
  ],
  [
    "a batch whose counts are texts",
    { batch_size: "8", processing_time: "1", success_count: "7", error_count: "1" },
    ["raw", "summary", "tagged"],
  ],
  ["an alert of the flat form", { event_type: "odd_access", severity: "low", description: "d" }, ["tagged"]],
  ["brute force by its name", { event_type: "brute_force", source_ip: "203.0.113.1" }, ["tagged"]],
  ["an unlabelled training record", { category: "training", metadata: { features: [1] } }, ["raw"]],
])("%s", async (_name, data, categories) => {
  const rules = await loadRules(SHIPPED);
  expect(rules.classify(recordOf(data)).targets.map(({ category }) => category)).toEqual(categories);
});
