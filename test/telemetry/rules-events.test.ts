import { expect, it } from "vitest";
import {
  logsourceLabelRefused,
  rulesLoaded,
  rulesRefused,
  rulesReloaded,
} from "../../src/telemetry/rules-events.js";
import { createTelemetry } from "../../src/telemetry/telemetry.js";

function listening() {
  const lines: { level: string; msg: string }[] = [];
  const telemetry = createTelemetry({
    level: "info",
    destination: { write: (line: string) => void lines.push(JSON.parse(line)) },
  });
  return { telemetry, lines };
}

it("says what was loaded, each Sigma rule that was left out, and warns of an empty folder", () => {
  const { telemetry, lines } = listening();
  rulesLoaded(telemetry, "/rules", { files: 2, rules: 1, sigma: 1, leftOut: ["/rules/a.yml:1:1  wrong"] });
  rulesLoaded(telemetry, "/rules", { files: 0, rules: 0, sigma: 0, leftOut: [] });
  expect(lines).toMatchObject([
    { level: "info", msg: "rules loaded", dir: "/rules", files: 2, rules: 1, sigma: 1 },
    { level: "warn", msg: "Sigma rule left out: /rules/a.yml:1:1  wrong" },
    { level: "warn", msg: expect.stringMatching(/empty/) },
  ]);
});

it("counts reloads by their result", () => {
  const { telemetry, lines } = listening();
  rulesReloaded(telemetry, "SIGHUP", { files: 1, rules: 1, sigma: 0, leftOut: [] });
  rulesRefused(telemetry, "SIGHUP", new Error("a.yaml:1:1  wrong"));
  expect(lines.map(({ level }) => level)).toEqual(["info", "error"]);
  expect(lines[1]?.msg).toMatch(/earlier ones stay: a\.yaml:1:1 {2}wrong/);
  expect(telemetry.counters.toJSON()).toEqual({ rules_reloads_total: { changed: 1, refused: 1 } });
});

it("counts a label that cannot be read", () => {
  const { telemetry, lines } = listening();
  logsourceLabelRefused(telemetry, "api", "`x` is nothing");
  expect(lines).toMatchObject([{ level: "warn", container: "api" }]);
  expect(telemetry.counters.get("label_errors_total")).toBe(1);
});
