import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { noteLeftOut } from "../requirements.js";

/** Published test cases of other engines and sentences of the specification, kept beside the repository. */
const CASES = fileURLToPath(new URL("../../../shared/sigma/cases.jsonl", import.meta.url));

export interface SigmaCase {
  readonly rule_yaml: string;
  readonly event: object;
  readonly expect: boolean;
  readonly origin: string;
  readonly note: string;
}

/** All of them, or none where they are not at hand, which is said for the test file that asks. */
export function readSigmaCases(testUrl: string): readonly SigmaCase[] {
  if (!existsSync(CASES)) {
    noteLeftOut(
      `left out: the published Sigma cases, a collection beside the repository, are not at ${CASES}`,
      fileURLToPath(testUrl),
    );
    return [];
  }
  return readFileSync(CASES, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as SigmaCase);
}
