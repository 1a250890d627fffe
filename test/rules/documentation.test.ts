import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { loadRules } from "../../src/rules/load.js";
import { LATER } from "../../src/rules/schema.js";
import { runTests } from "../../src/rules/self-test.js";
import { rulesFolder, understand } from "./records.js";

const PAGE = fileURLToPath(new URL("../../docs/RULES.md", import.meta.url));
const text = await readFile(PAGE, "utf8");
const examples = [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map((match) => ({
  line: text.slice(0, match.index).split("\n").length,
  example: match[1] ?? "",
}));

it("has examples", () => {
  expect(examples.length).toBeGreaterThan(8);
});

it.each(examples)("the example at line $line loads and its tests hold", async ({ example }) => {
  const rules = await loadRules(await rulesFolder({ "example.yaml": example }));
  expect(rules.leftOut).toEqual([]);
  expect(rules.tests.length).toBeGreaterThan(0);
  expect(runTests(rules, understand)).toEqual([]);
});

it("says what is refused in this version", () => {
  for (const key of Object.keys(LATER)) expect(text).toContain(`\`${key}\``);
});
