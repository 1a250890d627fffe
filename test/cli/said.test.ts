import { expect, it } from "vitest";
import { run } from "../../src/cli/run.js";
import { checkSaid } from "../../src/cli/said.js";
import { loadSettings } from "../../src/config/load.js";

it.each([
  [{ format: "pyton" }, /^--format=pyton: expected one of auto, json,.* python/],
  [{ multiline: "^(" }, /^--multiline=\^\(: this `\(` is never closed/],
  [{ logsource: "django" }, /^--logsource=django: `django` is not category=…/],
])("what is said of a pipe and can't be used ends the start: %j", (said, message) => {
  expect(() => checkSaid(said)).toThrow(message);
  expect(() => checkSaid(said)).toThrow(expect.objectContaining({ code: "SETTINGS_INVALID" }));
});

it("takes what can be used", () => {
  checkSaid({ format: "python", multiline: String.raw`^\d{4}-`, logsource: "product=django,service=api" });
  checkSaid({});
});

it("a terminal is for programs alone", async () => {
  const settings = loadSettings({ env: {}, flags: {}, configFile: undefined });
  const request = { settings, rulesDir: "rules", command: [], tty: true, env: {} };
  for (const source of ["stdin", "docker"])
    await expect(run({ ...request, source })).rejects.toThrow("--tty is for `run -- COMMAND`");
});
