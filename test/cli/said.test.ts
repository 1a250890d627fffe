import { expect, it } from "vitest";
import { checkSaid } from "../../src/cli/said.js";

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
