import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { loadSettings } from "../../src/config/load.js";
import {
  defaultOf,
  describeSetting,
  flagOf,
  NOT_SETTINGS,
  OTHER_VARIABLES,
  SETTING_NAMES,
  settingsSchema,
  variableOf,
} from "../../src/config/schema.js";
import { FORMATS } from "../../src/records/text.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = await readFile(join(root, "docs/SETTINGS.md"), "utf8");

/** The names in the first column of all tables. */
const named = [...page.matchAll(/^\| ((?:`[^`]+`(?:, )?)+) \|/gm)].flatMap(([, cell]) =>
  [...cell!.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
);

it("has each setting with variable, flag, default and meaning, in the order of --help, and no others", () => {
  const rows = page.split("\n").filter((line) => /^\| `\w+` \| `SIDECAR_/.test(line));
  expect(rows).toEqual(
    SETTING_NAMES.map((name) => {
      const value = defaultOf(name);
      const shown = value === undefined ? "" : `\`${value}\``;
      return `| \`${name}\` | \`${variableOf(name)}\` | \`${flagOf(name)}\` | ${shown} | ${describeSetting(name)} |`;
    }),
  );
});

it("shows defaults that mean what the sidecar does without the setting", () => {
  const shown = SETTING_NAMES.map((name) => [name, defaultOf(name)]).filter(
    ([, value]) => value !== undefined,
  );
  expect(settingsSchema.parse(Object.fromEntries(shown))).toEqual(settingsSchema.parse({}));
});

it("has the variables that are no settings of their own", () => {
  expect(named).toEqual(expect.arrayContaining([...NOT_SETTINGS, ...Object.keys(OTHER_VARIABLES)]));
});

it("has every label and every app variable that the sources read, and no others", async () => {
  const read = new Set<string>();
  for (const entry of await readdir(join(root, "src"), { recursive: true })) {
    if (!entry.endsWith(".ts")) continue;
    const text = await readFile(join(root, "src", entry), "utf8");
    for (const [, name] of text.matchAll(/"(log-sidecar\.[a-z]+|ONNX_[A-Z_]+)"/g)) read.add(name!);
    for (const [, name] of text.matchAll(/\b(ONNX_[A-Z_]+): "/g)) read.add(name!);
  }
  read.delete("log-sidecar.self");
  const told = named.filter((name) => /^(log-sidecar\.|ONNX_)/.test(name!));
  expect(new Set(told)).toEqual(read);
});

it("has every format", () => {
  const [row = ""] = page.match(/^\| `log-sidecar.format` .*$/m) ?? [];
  expect([...row.matchAll(/`([a-z]+)`/g)].map(([, name]) => name).sort()).toEqual([...FORMATS].sort());
});

it("shows settings files that load", () => {
  const files = [...page.matchAll(/^```yaml\n# sidecar.yaml\n(.*?)^```$/gms)].map(([, text]) => parse(text!));
  expect(files).toHaveLength(1);
  for (const flags of files)
    expect(() => loadSettings({ env: {}, flags, configFile: undefined })).not.toThrow();
});
