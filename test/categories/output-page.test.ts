import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findPython } from "../../scripts/programs.mjs";
import { requirement } from "../requirements.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = await readFile(join(root, "docs/OUTPUT.md"), "utf8");

const RULES = `
rules:
  - id: pickled
    match: { event_type: pickled }
    to: { training: { dataset: pickled, format: pkl, features: [features], label: label, fields: [symbol] } }
  - id: windows
    match: { event_type: request }
    to: { summary: { table: requests_1m, every: 1m, by: [path], columns: { ms: duration_ms } } }
`;

const LINES = [
  { component: "onnx_sentiment", event_type: "inference", confidence: 0.85, inference_time: 0.15 },
  { component: "security", event_type: "auth_failure", attempts: 8, message: "login failed for root" },
  { component: "trainer", event_type: "sample", features: [0.1, 0.2], label: 1 },
  { component: "trainer", event_type: "sample", features: [0.3, 0.4], label: 0 },
  { event_type: "pickled", features: [0.5], label: "up", symbol: "BTC" },
  { event_type: "request", path: "/orders", duration_ms: 7.5 },
  { event_type: "request", path: "NA", duration_ms: 2 },
  { event_type: "request", duration_ms: 3 },
  { level: "fatal", component: "api", message: "out of disk" },
];

/** The page's snippets of a language, each with the line it stands at. */
function snippets(language: string): { line: number; code: string }[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"))].map((match) => ({
    line: page.slice(0, match.index).split("\n").length,
    code: match[1] ?? "",
  }));
}

const folder = mkdtempSync(join(tmpdir(), "output-page-"));
const inFolder = { cwd: folder, encoding: "utf8" } as const;

beforeAll(() => {
  mkdirSync(join(folder, "rules"));
  writeFileSync(join(folder, "rules/pickled.yaml"), RULES);
  const input = LINES.map((line) => `${JSON.stringify(line)}\n`).join("");
  const rules = `${join(root, "rules")}:${join(folder, "rules")}`;
  const args = ["run", "--source", "stdin", "--log-dir", "logs", "--rules-dir", rules, "--log-level", "warn"];
  execFileSync(process.execPath, [join(root, "dist/main.js"), ...args], { ...inFolder, input });
  for (const [, command = ""] of page.matchAll(/^ {4}log-sidecar (export .*)$/gm)) {
    const words = [...command.split(" "), "--log-dir", "logs"];
    execFileSync(process.execPath, [join(root, "dist/main.js"), ...words], inFolder);
  }
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** What a snippet must show of the lines above, so that one that silently finds nothing is seen. */
const SHOWN =
  /float32 int64 and|samples_[\d-]+_1.npz|out of disk|login failed|confidence|\(2, 2\) float32 int64|component|symbol|\/orders +1/;
/** Snippets that print nothing for these lines, or nothing at all. */
const SILENT = /log_sidecar\.gap|assert len|_excel/;

describe.skipIf(requirement("jq").missing)("docs/OUTPUT.md in a shell", () => {
  it.each(snippets("sh"))("line $line", ({ code }) => {
    for (const command of code.startsWith("for ") ? [code] : code.trim().split("\n")) {
      const shown = execFileSync("sh", ["-euc", command], inFolder);
      if (!SILENT.test(command)) expect([command, shown]).toEqual([command, expect.stringMatching(SHOWN)]);
    }
  });
});

describe.skipIf(requirement("python").missing)("docs/OUTPUT.md in Python", () => {
  it.each(snippets("python"))("line $line", ({ code }) => {
    const shown = execFileSync(findPython()!, ["-c", code], inFolder);
    if (!SILENT.test(code)) expect(shown).toMatch(SHOWN);
    // The text NA and nothing at all are two groups.
    if (code.includes("requests_1m")) expect(shown).toMatch(/\bNA +1.*\bNaN +1/s);
  });
});

it("shows records that are records", () => {
  for (const { code } of snippets("json")) {
    const fields = Object.keys(JSON.parse(code));
    const order = [...page.matchAll(/^\| `(\w+)` \| (?:text|number|list of text|`true`|object) \|/gm)].map(
      ([, name]) => name!,
    );
    expect(order).toHaveLength(15);
    expect(fields).toEqual(order.filter((name) => fields.includes(name)));
  }
});
