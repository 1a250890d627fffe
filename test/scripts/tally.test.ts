import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { addTallies, leftOutWithoutNote, readTally, summaryLine } from "../../scripts/tally.mjs";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tally-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A report in the shape of vitest's JSON reporter: for each file its status and those of its tests. */
function report(...files: readonly [string, readonly string[]][]): string {
  const path = join(folder, "report.json");
  const testResults = files.map(([status, tests], at) => ({
    name: `/test/${at}.test.ts`,
    status,
    assertionResults: tests.map((test) => ({ status: test })),
  }));
  writeFileSync(path, JSON.stringify({ testResults }));
  return path;
}

it("counts what passed, failed and was left out", () => {
  const path = report(["passed", ["passed", "passed", "skipped", "pending", "todo"]], ["failed", ["failed"]]);
  expect(readTally(path, 1)).toEqual({ passed: 2, failed: 1, skipped: 3 });
});

it("counts a file that could not be loaded as a failure", () => {
  expect(readTally(report(["failed", []], ["passed", ["passed"]]), 1)).toEqual({
    passed: 1,
    failed: 1,
    skipped: 0,
  });
});

it("counts a run that failed though no test did as a failure", () => {
  expect(readTally(report(["passed", ["passed"]]), 1)).toEqual({ passed: 1, failed: 1, skipped: 0 });
});

it("counts a run that ended before its report as a failure", () => {
  expect(readTally(join(folder, "absent.json"), 139)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

it("sums up in one line", () => {
  const sum = addTallies([
    { passed: 3, failed: 0, skipped: 0 },
    { passed: 2, failed: 1, skipped: 4 },
  ]);
  expect(summaryLine(sum)).toBe("5 passed, 1 failed, 4 skipped");
  expect(summaryLine({ ...sum, skipped: 0 })).toBe("5 passed, 1 failed");
});

it("names the files whose tests are left out and of which no note speaks", () => {
  const path = report(
    ["passed", ["passed", "skipped"]],
    ["passed", ["passed"]],
    ["passed", ["todo", "pending"]],
  );
  expect(leftOutWithoutNote(path, [])).toEqual(["/test/0.test.ts", "/test/2.test.ts"]);
  const notes = [{ text: "about no file" }, { text: "about another", file: "/test/2.test.ts" }];
  expect(leftOutWithoutNote(path, notes)).toEqual(["/test/0.test.ts"]);
  expect(leftOutWithoutNote(join(folder, "absent.json"), [])).toEqual([]);
});
