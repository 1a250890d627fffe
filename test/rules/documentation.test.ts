import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { RecordLine } from "../../src/categories/record-line.js";
import { explainLines } from "../../src/cli/explain.js";
import { replay } from "../../src/cli/replay.js";
import { loadSettings } from "../../src/config/load.js";
import { applyEdits } from "../../src/pipeline/edits.js";
import { createUnderstand } from "../../src/records/understand.js";
import { loadRules } from "../../src/rules/load.js";
import { runTests } from "../../src/rules/self-test.js";
import { containerFrom, recordOf, type Understand } from "../../src/rules/test-record.js";
import { rulesFolder } from "./records.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const text = await readFile(join(root, "docs/RULES.md"), "utf8");
const blocks = [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map((match) => ({
  line: text.slice(0, match.index).split("\n").length,
  example: match[1] ?? "",
}));

/** A settings file on the page holds for the example behind it. */
const isSettings = ({ example }: { example: string }) => example.startsWith("# sidecar.yaml");
const examples = blocks.flatMap((block, at) => {
  const before = blocks[at - 1];
  const settings = before !== undefined && isSettings(before) ? before.example : "";
  return isSettings(block) ? [] : [{ ...block, settings }];
});

const understandLine = createUnderstand();
const understand: Understand = (line, container, stream) =>
  understandLine(
    {
      ts: "2026-01-31T23:59:59.123456789Z",
      stream,
      text: line,
      lines: 1,
      truncated: false,
      replaced: false,
    },
    container,
  );

async function settingsOf(yaml: string) {
  const configFile = join(await rulesFolder({ "sidecar.yaml": yaml }), "sidecar.yaml");
  const { logsources, fieldAliases } = loadSettings({ env: {}, flags: {}, configFile });
  return { logsources, fieldAliases };
}

it("has examples", () => {
  expect(examples.length).toBeGreaterThan(8);
});

it.each(examples)("the example at line $line loads and its tests hold", async ({ example, settings }) => {
  const rules = await loadRules(await rulesFolder({ "example.yaml": example }), await settingsOf(settings));
  expect(rules.leftOut).toEqual([]);
  expect(rules.tests.length).toBeGreaterThan(0);
  expect(runTests(rules, understand, applyEdits)).toEqual([]);
});

/** The answer on the page to the command that contains this. */
function answerTo(command: string): { readonly asked: string; readonly answer: string } {
  const [, asked = "", answer = ""] =
    [...text.matchAll(/^```console\n\$ (.*)\n((?:.*\n)*?)```$/gm)].find(([block]) =>
      block.includes(command),
    ) ?? [];
  return { asked, answer };
}

it("shows what explain --json answers", async () => {
  const { asked, answer } = answerTo("explain --json");
  const line = /^echo '(.*)' \|/.exec(asked)?.[1] ?? "";
  let out = "";
  const output = { write: (part: string) => (out += part) };
  const rulesDir = join(root, "rules");
  await explainLines({ rulesDir, lines: [line], json: true, understand }, output);
  const { record, written, ...told } = JSON.parse(out);
  expect(record).toMatchObject({ rule: "login-brute-force", data: JSON.parse(line) });
  expect(written).toHaveLength(1);
  const shown = JSON.parse(answer.replace("{…}", "0").replace("[…]", "0"));
  expect(shown).toEqual({
    ...told,
    record: 0,
    written: 0,
  });
  expect(Object.keys(JSON.parse(out))).toEqual(Object.keys(shown));
});

it("shows what replay answers", async () => {
  const { example = "" } = examples.find(({ example: one }) => one.includes("id: failed-request")) ?? {};
  const next = await loadRules(await rulesFolder({ "a.yaml": example }));
  const logDir = await mkdtemp(join(tmpdir(), "replayed-"));
  await mkdir(join(logDir, "raw/shop"), { recursive: true });
  const format = new RecordLine();
  const lines = next.tests.map(({ source }, at) => {
    const record = recordOf({ ...source, container: { name: "shop" } }, understand);
    record.ts = `2026-01-31T23:59:59.00000000${at + 1}Z`;
    return format.format(record, undefined, "");
  });
  await writeFile(join(logDir, "raw/shop/log_2026-01-31.jsonl"), lines.join(""));
  let out = "";
  const console = { out: { write: (part: string) => (out += part) }, err: { write: () => true } };
  const shop = containerFrom({ name: "shop" });
  await replay(
    {
      logDir,
      next,
      current: undefined,
      since: undefined,
      json: false,
      understand: understandLine,
      containers: new Map([["shop", shop]]),
    },
    console,
  );
  expect(answerTo("replay --rules").answer).toBe(out);
});
