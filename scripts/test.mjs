/**
 * `npm test`: from a fresh clone to one line, `N passed, N failed`.
 * Then side by side, since much of it waits: lint, types and unit tests; tests against a Docker Engine
 * (test/engine/global-setup.ts finds or starts one); the short torture run, which brings an engine of its own; and the image.
 * A failed check counts as one failure. With CI=true nothing that a Linux machine can have may be left out.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bin, checkNode, installPackages, installSystemPackages, runLabelled, say } from "./prepare.mjs";
import { addTallies, leftOutWithoutNote, readTally, summaryLine } from "./tally.mjs";

checkNode();
const scratch = mkdtempSync(join(tmpdir(), "sidecar-tests-"));
/** Why tests are left out, a JSON object a line: `noteLeftOut` of test/requirements.ts writes them. */
const notesFile = join(scratch, "left-out");
const reports = [];
/** Of the property tests; `npm run unit` draws another one each time. */
const TEST_SEED = process.env.TEST_SEED ?? "20260131";
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
    finish([{ passed: 0, failed: 1, skipped: 0 }]);
    return;
  }
  const built = await check("build", process.execPath, ["scripts/build.mjs", "--tests"]);
  // The image, which waits for the network more than it computes, would be alone at the end behind one of the others.
  const lanes = await Promise.all([
    inTurn(looks, () => tests("unit", "mocking")),
    inTurn(() => tests("engine")),
    inTurn(() => tests("torture")),
    inTurn(
      () => tests("image"),
      () => tests("browser"),
    ),
  ]);
  finish([...built, ...lanes.flat()]);
}

async function looks() {
  const lint = await check("lint", bin("biome"), ["check", "."]);
  const types = await check("types", bin("tsc"), ["-p", "tsconfig.json"]);
  return [...lint, ...types, ...(await check("types of the page", bin("tsc"), ["-p", "web/tsconfig.json"]))];
}

async function inTurn(...parts) {
  const tallies = [];
  for (const part of parts) tallies.push(...(await part()));
  return tallies;
}

/** A check that only counts when it fails. */
async function check(name, program, args) {
  if (process.exitCode === 130) return [];
  const failed = (await runLabelled(name, program, args)) === 0 ? 0 : 1;
  return [{ passed: 0, failed, skipped: 0 }];
}

async function tests(project, ...others) {
  if (process.exitCode === 130) return [];
  const report = join(scratch, `${project}.json`);
  reports.push(report);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const projects = [project, ...others].flatMap((name) => ["--project", name]);
  const args = ["run", ...projects, "--passWithNoTests", ...reporters];
  const env = { TEST_NOTES_FILE: notesFile, TEST_SEED };
  // The engine's tests wait the most, one after the other, and end last: what they compute comes first.
  const niceness = project === "engine" ? 0 : 5;
  const status = await runLabelled(project, bin("vitest"), args, { env, niceness });
  return [readTally(report, status)];
}

function readNotes() {
  if (!existsSync(notesFile)) return [];
  return readFileSync(notesFile, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

function finish(tallies) {
  const sum = addTallies(tallies);
  const notes = readNotes();
  const said = new Set(notes.map(({ text }) => `tests ${text}`));
  if (said.size > 0) say(`\n${[...said].join("\n")}`);
  // What CI must have was refused by requirement() already; a test that is skipped without a word is a mistake.
  const silent =
    process.env.CI === "true" ? reports.flatMap((report) => leftOutWithoutNote(report, notes)) : [];
  for (const file of silent) say(`\nwith CI=true no test may be left out without a reason: ${file}`);
  if (sum.failed > 0 || silent.length > 0) process.exitCode ||= 1;
  say(`\n${summaryLine(sum)}`);
}
