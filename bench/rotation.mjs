/** Rotating logs: which lines the sidecar stores, beside a plain follower and what the engine still holds at the end. */
import { loadavg } from "node:os";
import { openEngine } from "./engine.mjs";
import { median, table } from "./pairs.mjs";
import { tried } from "./rotating-log.mjs";

export const title = "rotation: lines stored, against a plain follower and the log as it is at the end";

/** `perSecond` 0: all at once; else a second's lines are printed in so many `parts`. */
const ROWS = [
  { driver: "json-file", size: "100k", files: 3, perSecond: 2_000, parts: 200, count: 20_000 },
  { driver: "json-file", size: "100k", files: 3, perSecond: 2_000, parts: 20, count: 20_000 },
  { driver: "json-file", size: "1m", files: 3, perSecond: 10_000, parts: 200, count: 100_000 },
  { driver: "json-file", size: "1m", files: 3, perSecond: 10_000, parts: 20, count: 100_000 },
  { driver: "json-file", size: "1m", files: 5, perSecond: 20_000, parts: 200, count: 200_000 },
  { driver: "json-file", size: "1m", files: 5, perSecond: 20_000, parts: 20, count: 200_000 },
  { driver: "json-file", size: "10m", files: 3, perSecond: 30_000, parts: 20, count: 300_000 },
  { driver: "local", size: "1m", files: 3, perSecond: 10_000, parts: 20, count: 100_000 },
  { driver: "json-file", size: "100k", files: 3, perSecond: 0, count: 100_000 },
  { driver: "json-file", size: "10m", files: 3, perSecond: 0, count: 1_000_000 },
  { driver: "json-file", size: "50m", files: 4, perSecond: 0, count: 1_000_000 },
  { driver: "local", size: "20m", files: 5, perSecond: 0, count: 1_000_000 },
];

/** From where the sidecar reads: the log API, or the engine's files. */
const WAYS = ["api", "files"];

/**
 * `ROWS=0,2 WAYS=files ROUNDS=5 npm run bench -- rotation` measures these rows alone, read in that way, so many times; `--engine 26` or
 * DOCKER_HOST on another engine. `KEEP=FOLDER` keeps what the sidecar said in runs in which it lacked more than the follower (`SIDECAR_LOG_LEVEL=debug` says more).
 */
export async function measure({ quick, scratch, say, findProgram }) {
  const engine = await openEngine({ scratch, say, findProgram });
  if (engine === undefined) return;
  const chosen = process.env.ROWS?.split(",").map(Number) ?? ROWS.map((_, index) => index);
  const ways = (process.env.WAYS?.split(",") ?? WAYS).filter((way) => way === "api" || isRoot());
  const rounds = Number(process.env.ROUNDS ?? (quick ? 1 : 3));
  try {
    const { Version: version } = await engine.docker.version();
    say(`Docker Engine ${version}, ${rounds} runs each`);
    const rows = [];
    for (const index of chosen) {
      const row = ROWS[index];
      for (const way of row.driver === "json-file" ? ways : ["api"]) {
        const runs = [];
        for (let round = 0; round < rounds; round += 1) {
          const run = await tried(engine, scratch, { row, way });
          runs.push(run);
          say(`${name(row)}, ${way}, run ${round + 1}: ${runText(run)}`);
        }
        rows.push(summary(row, way, runs));
        say(table(HEAD, rows.slice(-1)));
      }
    }
    say(`\nLines that each lacks: median, the most of a run, all runs together\n${table(HEAD, rows)}`);
  } finally {
    await engine.close();
  }
}

/** The engine's files are root's. */
function isRoot() {
  return process.getuid?.() === 0;
}

const HEAD = [
  "log",
  "read by",
  "printed",
  "follower lacks",
  "end lacks",
  "sidecar lacks",
  "runs worse, same, better than the follower",
  "of the end",
  "twice",
  "untold",
  "late s",
  "CPU s",
  "peak MB",
];

function name({ driver, size, files, perSecond, parts }) {
  return `${driver} ${size} x ${files}, ${perSecond === 0 ? "at once" : `${perSecond}/s in ${parts}`}`;
}

function runText({ follower, end, sidecar, ofTheEnd, twice, untold, gaps, lateS, peakMb }) {
  const wrong = `${ofTheEnd} of the end, ${twice} twice, ${untold} untold`;
  return `follower lacks ${follower}, end ${end}, sidecar ${sidecar} (${wrong}; ${gaps} gaps), late ${lateS.toFixed(1)} s, peak ${peakMb.toFixed(0)} MB, load ${loadavg()[0].toFixed(1)}`;
}

function summary(row, way, runs) {
  const sum = (figure) => runs.reduce((total, run) => total + run[figure], 0);
  const spread = (figure) => {
    const values = runs.map((run) => run[figure]);
    return `${Math.round(median(values))}, ${Math.max(...values)}, ${sum(figure)}`;
  };
  const number = (which) => runs.filter(which).length;
  const worse = number(({ sidecar, follower }) => sidecar > follower);
  const better = number(({ sidecar, follower }) => sidecar < follower);
  return [
    name(row),
    way,
    row.count,
    spread("follower"),
    spread("end"),
    spread("sidecar"),
    `${worse}, ${runs.length - worse - better}, ${better}`,
    sum("ofTheEnd"),
    sum("twice"),
    sum("untold"),
    median(runs.map(({ lateS }) => lateS)).toFixed(1),
    median(runs.map(({ cpuS }) => cpuS)).toFixed(1),
    Math.max(...runs.map(({ peakMb }) => peakMb)).toFixed(0),
  ];
}
