import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { main } from "../src/cli/program.js";
import { defaultOf, SETTING_NAMES, variableOf } from "../src/config/schema.js";
import { ERRORS } from "../src/core/errors.js";
import { applyEdits } from "../src/pipeline/edits.js";
import { loadRules } from "../src/rules/load.js";
import { runTests } from "../src/rules/self-test.js";
import { rulesFolder, understand } from "./rules/records.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const page = await readFile(join(root, "README.md"), "utf8");

/** First cells of the table below the heading, without their backquotes. */
function firstCells(heading: string): string[] {
  const section = page.slice(page.indexOf(heading)).split(/\n## /)[0] ?? "";
  return [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, cell]) => cell!);
}

async function helpOf(...args: string[]): Promise<string> {
  let text = "";
  const output = { write: (part: string) => (text += part) };
  await main([...args, "--help"], { env: {}, shippedRules: "rules", output: { out: output, err: output } });
  return text;
}

describe("README.md", () => {
  it("shows rules that load and whose tests hold", async () => {
    const examples = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text]) => text!);
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      const rules = await loadRules(await rulesFolder({ "example.yaml": example }));
      expect(rules.tests.length).toBeGreaterThan(0);
      expect(runTests(rules, understand, applyEdits)).toEqual([]);
    }
  });

  it("has the commands that there are, and no others", async () => {
    const help = await helpOf();
    const there = [...help.matchAll(/^ {2}([a-z]+) .*/gm)].map(([, name]) => name!);
    const told = firstCells("## Commands").map((cell) => cell.split(" ")[0]!);
    expect(told.sort()).toEqual(there.filter((name) => name !== "help").sort());
  });

  it("names settings that exist, with their defaults", () => {
    const rows = [...page.matchAll(/^\| `(SIDECAR_[A-Z_]+)` \| `?([^`|]+)/gm)];
    expect(rows.length).toBeGreaterThan(3);
    for (const [, variable, shown] of rows) {
      const name = SETTING_NAMES.find((candidate) => variableOf(candidate) === variable);
      expect(name, variable).toBeDefined();
      const value = defaultOf(name!);
      if (value !== undefined) expect([variable, shown]).toEqual([variable, value]);
    }
  });

  it("names error codes that exist", () => {
    const codes = firstCells("## Troubleshooting").filter((cell) => /^[A-Z_]+$/.test(cell));
    expect(codes.length).toBeGreaterThan(3);
    expect(Object.keys(ERRORS)).toEqual(expect.arrayContaining(codes));
  });
});

describe("README.ko.md", () => {
  it("has the same sections, commands, settings, labels, codes, rules and links, section by section", async () => {
    const korean = sectionsOf(await readFile(join(root, "README.ko.md"), "utf8"));
    expect(korean).toEqual(sectionsOf(page));
  });
});

/** What both languages have in common, for each part between two headings. */
function sectionsOf(text: string) {
  return text.split(/^## /m).map((section) => ({
    cells: [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, cell]) => cell),
    rows: [...section.matchAll(/^\| .* \|$/gm)].length,
    settings: unique(section, /\b(?:SIDECAR|ONNX|DOCKER)_[A-Z_]+/g),
    links: unique(section, /\]\(((?!README)[^)]+)\)/g),
    blocks: [...section.matchAll(/^```(?:yaml|json)\n.*?^```$/gms)].map(([block]) => block),
    shell: unique(section, /^ {4}(?:docker|\$) .*$/gm),
  }));
}

function unique(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([whole, part]) => part ?? whole))].sort();
}
