import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { compileDetection } from "../../../src/rules/match/compile.js";
import { readSigmaCases } from "../sigma-cases.js";
import { jsonAccess } from "./json-access.js";

const cases = readSigmaCases(import.meta.url);

describe.skipIf(cases.length === 0)("published Sigma cases", () => {
  test.each(cases.map((single, at) => [at + 1, `${single.origin}: ${single.note}`, single] as const))(
    "line %i, %s",
    (_line, _title, { rule_yaml, event, expect: expected }) => {
      const rule = parse(rule_yaml) as { detection: unknown };
      const { compiled, problems } = compileDetection(rule.detection, jsonAccess);
      expect(problems).toEqual([]);
      expect(compiled?.test(event)).toBe(expected);
    },
  );
});
