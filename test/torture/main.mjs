/**
 * The torture run: containers print, the sidecar and the engine are killed again and again, and at the end each line that the engine
 * holds must be in its outputs exactly once. See docs/DELIVERY.md.
 *
 *   npm run torture -- --kills 200 --seconds 600 --seed 7 --engine 26
 *
 * `--kills` at random moments, and as many rounds through all fault points as `--rounds` says, spread over about `--seconds`.
 * `--engine 26`: not this machine's engine, but that of Debian's present stable release. `--upgrade`: this machine's engine, upgraded
 * to that one in the middle of the run. `--files`: the sidecar reads json-file logs from the engine's own files. `--failing-disk`: 1 call
 * in 25 that writes, syncs, renames or removes a file of the log folder fails with EIO (Debian's fiu-utils); whoever reads to the end has
 * a sound one. `--second-host`: two machines share the volume and take turns, and while one works the other is refused.
 *
 * Ends with 0, or with 1 at the first fault; then the log folder and what the engine held are kept.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { missingDrivers, Printers } from "./containers.mjs";
import { launchEngine } from "./engine.mjs";
import { Killer, TortureError } from "./killer.mjs";
import { createRandom } from "./random.mjs";
import { briefly, countsTable, describeFinding, spread } from "./report.mjs";
import { describeLife, planLives } from "./schedule.mjs";
import { compareSearch } from "./searched.mjs";
import { program } from "./sidecar.mjs";
import { catchUp, verify } from "./verdict.mjs";
import { filesBelow } from "./volume.mjs";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "200" },
    seconds: { type: "string", default: "0" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    rounds: { type: "string" },
    engine: { type: "string" },
    upgrade: { type: "boolean", default: false },
    files: { type: "boolean", default: false },
    "second-host": { type: "boolean", default: false },
    "failing-disk": { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
  },
});

if (values.upgrade && values.engine !== undefined)
  throw new Error("--upgrade begins with this machine's own engine: leave --engine out");
if (values.engine !== undefined) process.env.TEST_ENGINE = values.engine;

const say = (text) => process.stdout.write(`${text}\n`);
const kills = Number(values.kills);
const random = createRandom(Number(values.seed));
const liveRestore = random.next() < 0.5;
const folder = mkdtempSync(join(tmpdir(), "torture-"));
const logDir = join(folder, "logs");

const tell = (text) => values.verbose && say(`${Math.round(performance.now() / 1000)} s, ${text}`);

/** Of what was found besides the first. */
const OTHERS_SHOWN = 10;

/** Throws when something is wrong with what is stored. */
async function judge(parts, complete) {
  const { comparison, wrong } = await verify({ ...parts, logDir, complete });
  const [first] = comparison.findings;
  if (first === undefined && wrong.length === 0) return comparison;
  const kept = join(folder, "held");
  mkdirSync(kept, { recursive: true });
  for (const { container, stream, lines } of comparison.tracks.values()) {
    const text = lines.map((line, index) => `${index} ${line.ts} ${line.text}\n`).join("");
    writeFileSync(join(kept, `${container}-${stream}.txt`), text);
  }
  say(countsTable(comparison));
  const finding = first && describeFinding(first, (ts) => parts.killer.around(ts));
  const others = comparison.findings.slice(1, 1 + OTHERS_SHOWN).map(briefly);
  throw new TortureError([finding, ...others, ...wrong].filter(Boolean).join("\n"));
}

async function torture(engine) {
  mkdirSync(logDir);
  const printers = new Printers(engine.docker, folder);
  const settings = values.files ? { SIDECAR_ENGINE_FILES: engine.containersFolder } : {};
  const killer = new Killer({ engine, printers, logDir, random, settings });
  killer.failingDisk = values["failing-disk"];
  killer.secondHost = values["second-host"];
  const parts = { killer, printers };
  const missing = missingDrivers();
  if (missing.length > 0)
    say(`left out, because this engine's machine does not have it: log driver ${missing.join(", ")}`);
  await printers.start(values);
  const { seconds, rounds, upgrade } = values;
  const plan = planLives(random, { kills, seconds: Number(seconds), rounds: roundsOf(rounds), upgrade });
  const before = await versionOf(engine);
  for (const [turn, life] of plan.entries()) {
    tell(`${turn + 1}/${plan.length}: ${describeLife(life)}`);
    await killer.live(life);
    if (life.end === "stop") await judge(parts, false);
  }
  tell("the containers say their last words");
  await printers.stop();
  tell("a last sidecar reads to the end");
  killer.failingDisk = false;
  await catchUp({ ...parts, logDir });
  tell("comparing");
  const comparison = await judge(parts, true);
  say(countsTable(comparison));
  const packed = (await filesBelow(join(logDir, "archive"))).filter((path) => path.endsWith(".gz"));
  if (packed.length === 0) throw new TortureError("no file was compressed and archived meanwhile");
  const { found, wrong } = await compareSearch(logDir, program);
  if (wrong.length > 0) throw new TortureError(wrong.join("\n"));
  say(`search, grep and jq find the same ${found} records`);
  say(`${packed.length} files were compressed and archived meanwhile`);
  say(`start of the sidecar until it stores lines again: ${spread(killer.firstLineMs)}`);
  if (upgrade) say(`the engine was upgraded from ${before} to ${await versionOf(engine)}`);
  return killer.counts;
}

async function versionOf({ docker }) {
  return (await docker.version()).Version;
}

function roundsOf(text) {
  return text === undefined ? Math.max(1, Math.round(kills / 50)) : Number(text);
}

say(
  `seed ${values.seed}, ${kills} kills at random moments, engine ${liveRestore ? "with" : "without"} live restore` +
    `${values.files ? ", json-file logs from the engine's files" : ""}`,
);
const engine = await launchEngine({ liveRestore });
try {
  const { kills: random, faults, stops, engineKills, engineStops, restarts, refused } = await torture(engine);
  say(
    `each line once, after ${random} kills at random moments, ${faults} at fault points, ${stops} stops, ` +
      `${engineKills} kills and ${engineStops} stops of the engine, ${restarts} restarts of containers` +
      `${refused > 0 ? `; the volume was in use ${refused} times for another machine's sidecar` : ""}`,
  );
  rmSync(folder, { recursive: true, force: true });
} catch (error) {
  process.exitCode = 1;
  say(error instanceof TortureError ? error.message : `${error.stack}`);
  say(
    `kept: ${folder}; the same order of events again: --kills ${kills} --seconds ${values.seconds} --seed ${values.seed}` +
      `${values.files ? " --files" : ""}${values.upgrade ? " --upgrade" : ""}`,
  );
} finally {
  await engine.close();
}
