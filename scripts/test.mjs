/**
 * `npm test`: from a fresh clone to one line, `N passed, N failed`.
 * Lint and types first, then the unit tests, then those against a Docker Engine (test/engine/global-setup.ts finds or starts one).
 * A failed check counts as one failure. With CI=true nothing may be left out.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bin, checkNode, installPackages, installSystemPackages, run, say } from "./prepare.mjs";
import { addTallies, readTally, summaryLine } from "./tally.mjs";

checkNode();
const scratch = mkdtempSync(join(tmpdir(), "sidecar-tests-"));
const notes = join(scratch, "left-out");
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));
// Children of this process group get Ctrl-C as well, and end; this one ends after them.
process.on("SIGINT", () => {
  process.exitCode = 130;
});

await main();

async function main() {
  try {
    await installPackages();
    await installSystemPackages();
  } catch (error) {
    say(error.message);
    finish([{ passed: 0, failed: 1, skipped: 0 }], []);
    return;
  }
  const tallies = [
    await check("build", bin("tsc"), ["-p", "tsconfig.build.json"]),
    await check("lint", bin("biome"), ["check", "."]),
    await check("types", bin("tsc"), ["-p", "tsconfig.json"]),
    await tests("unit"),
    await tests("engine"),
  ];
  finish(tallies, leftOut());
}

/** A check that only counts when it fails. */
async function check(name, program, args) {
  if (process.exitCode === 130) return { passed: 0, failed: 0, skipped: 0 };
  say(`\n${name}`);
  const failed = (await run(program, args)) === 0 ? 0 : 1;
  return { passed: 0, failed, skipped: 0 };
}

async function tests(project) {
  if (process.exitCode === 130) return { passed: 0, failed: 0, skipped: 0 };
  say(`\n${project} tests`);
  const report = join(scratch, `${project}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const status = await run(bin("vitest"), ["run", "--project", project, "--passWithNoTests", ...reporters], {
    TEST_NOTES_FILE: notes,
  });
  return readTally(report, status);
}

function leftOut() {
  return existsSync(notes) ? [...new Set(readFileSync(notes, "utf8").trimEnd().split("\n"))] : [];
}

function finish(tallies, missing) {
  const sum = addTallies(tallies);
  if (missing.length > 0) say(`\n${missing.map((text) => `tests ${text}`).join("\n")}`);
  // Skipping in CI is a failure even where a test did not ask by requirement().
  const refused = process.env.CI === "true" && sum.skipped > 0;
  if (refused) say("\nwith CI=true no test may be left out");
  if (sum.failed > 0 || refused) process.exitCode ||= 1;
  say(`\n${summaryLine(sum)}`);
}
