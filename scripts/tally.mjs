/** Adds up what vitest's JSON reports say. */
import { existsSync, readFileSync } from "node:fs";

/**
 * Reads one report. A file that could not even be loaded has no tests in it and counts as one failure;
 * so does a run that failed though no test did (an error outside of all tests, a crash before the report).
 * @param {string} file the report
 * @param {number} status exit status of the run
 */
export function readTally(file, status) {
  const report = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { testResults: [] };
  const tally = { passed: 0, failed: 0, skipped: 0 };
  for (const result of report.testResults) {
    if (result.status === "failed" && result.assertionResults.length === 0) tally.failed += 1;
    for (const test of result.assertionResults) tally[kindOf(test.status)] += 1;
  }
  if (status !== 0 && tally.failed === 0) tally.failed = 1;
  return tally;
}

/**
 * The files of a report in which tests were left out though no note says why: `notes` are texts with the files they speak of.
 * @param {string} file the report
 * @param {readonly {file?: string}[]} notes
 */
export function leftOutWithoutNote(file, notes) {
  if (!existsSync(file)) return [];
  const noted = new Set(notes.map((note) => note.file));
  return JSON.parse(readFileSync(file, "utf8"))
    .testResults.filter(({ assertionResults }) =>
      assertionResults.some(({ status }) => kindOf(status) === "skipped"),
    )
    .map(({ name }) => name)
    .filter((name) => !noted.has(name));
}

function kindOf(status) {
  if (status === "passed" || status === "failed") return status;
  return "skipped";
}

export function addTallies(tallies) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const tally of tallies) {
    for (const kind of Object.keys(sum)) sum[kind] += tally[kind];
  }
  return sum;
}

export function summaryLine(tally) {
  const skipped = tally.skipped > 0 ? `, ${tally.skipped} skipped` : "";
  return `${tally.passed} passed, ${tally.failed} failed${skipped}`;
}
