/**
 * `npm start`: the sidecar over the demo apps, on a fresh clone too. Writes to ./logs and shows what lands there.
 * Ends with Ctrl-C; with `--once` by itself, when everything that a few dozen events make has landed.
 */
import { mkdirSync, openSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { build, checkNode, installPackages, root, say } from "./prepare.mjs";

const once = process.argv.includes("--once");
const pace = once ? { DEMO_COUNT: "40", DEMO_EVERY_MS: "20" } : {};
const logDir = `${root}logs`;
const ownLog = `${root}.cache/sidecar.log`;
const beganMs = Date.now();
const stopLimitMs = 12_000;
const landLimitMs = 30_000;

let interrupted = false;
const signalled = new Promise((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.on(signal, () => {
      interrupted = true;
      resolve();
    });
  }
});

checkNode();
await prepare();
// Only now, as they use packages that may just have been installed.
const { chooseDemo, startSidecar } = await import("./demo.mjs");
const { landedFiles, tableOf } = await import("./landed.mjs");
process.exitCode = await main();

async function prepare() {
  try {
    await installPackages();
    await build();
  } catch (error) {
    say(error.message);
    process.exit(1);
  }
}

async function main() {
  mkdirSync(`${root}.cache`, { recursive: true });
  const demo = await chooseDemo(pace);
  if (interrupted) return 130;
  const sidecar = startSidecar(demo.sidecar, logDir, openSync(ownLog, "w"));
  const ended = new Promise((resolve) => {
    sidecar.once("exit", (code, signal) => resolve(signal ?? code));
  });
  const started = (await demo.start()) === 0;
  say(`the sidecar runs over the demo apps (${demo.kind}) and writes to ./logs; Ctrl-C ends it\n`);
  const table = showTable();
  if (started) await Promise.race([signalled, ended, once ? landed(demo, ended) : signalled]);
  table.pause();
  await demo.stop();
  const status = await stopped(sidecar, ended);
  table.end();
  return started ? status : 1;
}

/** Resolves when the apps have ended and nothing has been written for a while. */
async function landed(demo, ended) {
  await demo.ended();
  // Programs end, and the sidecar with them.
  if (demo.kind === "programs") await ended;
  const limit = Date.now() + landLimitMs;
  for (let before = ""; Date.now() < limit; await sleep(2_000)) {
    const files = landedFiles(logDir, beganMs);
    const now = JSON.stringify(files);
    if (now === before && files.length > 0 && !files.some((file) => file.unit.includes("not sealed"))) return;
    before = now;
  }
}

/** Lets the sidecar drain; resolves to the exit status that tells whether it ended well. */
async function stopped(sidecar, ended) {
  sidecar.kill("SIGTERM");
  const late = setTimeout(() => sidecar.kill("SIGKILL"), stopLimitMs);
  const how = await ended;
  clearTimeout(late);
  if (how === 0) return 0;
  const last = readFileSync(ownLog, "utf8").trimEnd().split("\n").slice(-10);
  say(`the sidecar ended with ${how}; the last it said:\n${last.join("\n")}\n`);
  return 1;
}

/** Shows the table again each second on a terminal, and once more at the end. */
function showTable() {
  const terminal = process.stdout.isTTY === true;
  let drawn = 0;
  const redraw = () => {
    const { rows = 24, columns = 80 } = process.stdout;
    // A line that wraps would be two to go back over.
    const lines = tableOf(landedFiles(logDir, beganMs), Math.max(5, rows - 6)).map((line) =>
      line.slice(0, columns - 1),
    );
    const back = drawn > 0 ? `\x1b[${drawn}A\x1b[J` : "";
    process.stdout.write(`${back}${lines.join("\n")}\n`);
    drawn = lines.length;
  };
  const timer = terminal ? setInterval(redraw, 1_000) : undefined;
  return {
    pause: () => clearInterval(timer),
    end() {
      say(`\n${tableOf(landedFiles(logDir, beganMs)).join("\n")}`);
      say("\nthe files are in ./logs, what the sidecar said of itself in .cache/sidecar.log");
    },
  };
}
