/** The backlog of one container: the sidecar from its start until the last line can be seen in the files, against curl that only drains the same endpoint. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readdirSync, readSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openEngine, printed } from "./engine.mjs";
import { expected, linesFile } from "./lines.mjs";
import { compare, inTurns, median, table } from "./pairs.mjs";
import { run, SIDECAR, usageOf } from "./programs.mjs";

export const title = "docker: the backlog of one container, the sidecar against curl to /dev/null";

const LIMIT_MS = 300_000;

export async function measure({ quick, scratch, say, findProgram }) {
  const count = quick ? 200_000 : 1_000_000;
  const file = await linesFile(scratch, count);
  const engine = await openEngine({ scratch, say, findProgram });
  if (engine === undefined) return;
  let container;
  try {
    container = await printed(engine.docker, file);
    const pairs = await inTurns(
      quick ? 3 : 5,
      () => collect(engine, container.id, join(scratch, "docker"), count),
      () => drain(engine, container.id),
    );
    const rows = [
      ["wall s", "wallS"],
      ...(engine.pid === undefined ? [] : [["CPU s of the engine", "engineS"]]),
    ].map(([name, figure]) => {
      const { a, b, ratio } = compare(pairs, figure);
      return [name, a.toFixed(2), b.toFixed(2), ratio.toFixed(2)];
    });
    say(table([`${count} lines`, "sidecar", "curl", "ratio"], rows));
    const of = (figure) => median(pairs.map(({ a }) => a[figure]));
    say(
      `the sidecar itself: ${of("cpuS").toFixed(2)} s CPU, ${of("peakMb").toFixed(0)} MB; ` +
        `${of("startS").toFixed(2)} s until its first line, wall ratio from there ` +
        median(pairs.map(({ a, b }) => (a.wallS - a.startS) / b.wallS)).toFixed(2),
    );
  } finally {
    await container?.remove({ force: true });
    await engine.close();
  }
}

/** Runs the sidecar until the tagged file holds all that it has to: the last line of the backlog is a tagged one. */
async function collect({ host, pid }, _id, logDir, count) {
  rmSync(logDir, { recursive: true, force: true });
  const engineBefore = engineCpu(pid);
  const startMs = performance.now();
  const [program, ...args] = SIDECAR;
  const child = spawn(program, [...args, "run"], {
    env: {
      ...process.env,
      DOCKER_HOST: host,
      SIDECAR_SCOPE: "labelled",
      SIDECAR_LOG_DIR: logDir,
      SIDECAR_LOG_LEVEL: "warn",
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const exited = once(child, "exit");
  const folder = join(logDir, "tagged/permanent");
  const wanted = expected(count).tagged;
  let startS;
  try {
    for (const lines = lineCounter(folder); lines() < wanted; await sleep(10)) {
      if (startS === undefined && existsSync(join(logDir, "raw/api")))
        startS = (performance.now() - startMs) / 1000;
      if (child.exitCode !== null) throw new Error(`the sidecar ended with ${child.exitCode}`);
      if (performance.now() - startMs > LIMIT_MS) throw new Error("the last line did not come");
    }
    const wallS = (performance.now() - startMs) / 1000;
    return { wallS, startS: startS ?? 0, ...usageOf(child.pid), engineS: engineCpu(pid) - engineBefore };
  } finally {
    child.kill("SIGTERM");
    await exited;
  }
}

async function drain({ socketPath, pid }, id) {
  const engineBefore = engineCpu(pid);
  const startMs = performance.now();
  const url = `http://docker/containers/${id}/logs?stdout=1&stderr=1&timestamps=1`;
  await run("curl", ["-sS", "--fail", "-o", "/dev/null", "--unix-socket", socketPath, url]);
  return { wallS: (performance.now() - startMs) / 1000, engineS: engineCpu(pid) - engineBefore };
}

function engineCpu(pid) {
  return pid === undefined ? Number.NaN : usageOf(pid).cpuS;
}

/** Counts the lines of a folder's files as they grow. */
function lineCounter(folder) {
  const buffer = Buffer.alloc(1 << 20);
  const seen = new Map();
  let lines = 0;
  return () => {
    if (!existsSync(folder)) return 0;
    for (const name of readdirSync(folder)) {
      const file = openSync(join(folder, name), "r");
      for (;;) {
        const from = seen.get(name) ?? 0;
        const read = readSync(file, buffer, 0, buffer.length, from);
        if (read === 0) break;
        seen.set(name, from + read);
        const bytes = buffer.subarray(0, read);
        for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines += 1;
      }
      closeSync(file);
    }
    return lines;
  };
}
