import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { compileDetection } from "../../../src/rules/match/compile.js";
import { jsonAccess } from "./json-access.js";

/** Published test cases of other engines and sentences of the specification, kept beside the repository. */
const CASES = fileURLToPath(new URL("../../../../shared/sigma/cases.jsonl", import.meta.url));

interface Case {
  readonly rule_yaml: string;
  readonly event: object;
  readonly expect: boolean;
  readonly origin: string;
  readonly note: string;
}

if (!existsSync(CASES)) {
  console.warn(`Skipped: the Sigma cases are not at ${CASES}.`);
}

describe.skipIf(!existsSync(CASES))("published Sigma cases", () => {
  const cases = existsSync(CASES)
    ? readFileSync(CASES, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Case)
    : [];

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
