/** The backlog of one container, and of eight: the sidecar from its start until the last line can be seen in the files, against as many curls that only drain the same endpoints. */
import { join } from "node:path";
import { collect, engineCpu } from "./backlog.mjs";
import { openEngine, printed } from "./engine.mjs";
import { linesFile } from "./lines.mjs";
import { compare, inTurns, median, table } from "./pairs.mjs";
import { run } from "./programs.mjs";

export const title =
  "docker: the backlogs of one container and of eight, the sidecar against curl to /dev/null";

export async function measure({ quick, scratch, say, findProgram }) {
  const engine = await openEngine({ scratch, say, findProgram });
  if (engine === undefined) return;
  try {
    for (const [containers, count] of [
      [1, quick ? 200_000 : 1_000_000],
      [8, quick ? 50_000 : 250_000],
    ])
      await measureBacklogs(engine, { containers, count, rounds: quick ? 3 : 5, scratch, say });
  } finally {
    await engine.close();
  }
}

async function measureBacklogs(engine, { containers, count, rounds, scratch, say }) {
  const file = await linesFile(scratch, count);
  const logs = [];
  try {
    while (logs.length < containers) logs.push(await printed(engine.docker, file));
    const pairs = await inTurns(
      rounds,
      () => collect(engine, { logDir: join(scratch, "docker"), count, containers }),
      () =>
        drain(
          engine,
          logs.map(({ id }) => id),
        ),
    );
    const rows = [
      ["wall s", "wallS"],
      ...(engine.pid === undefined ? [] : [["CPU s of the engine", "engineS"]]),
    ].map(([name, figure]) => {
      const { a, b, ratio } = compare(pairs, figure);
      return [name, a.toFixed(2), b.toFixed(2), ratio.toFixed(2)];
    });
    say(table([`${containers} x ${count} lines`, "sidecar", "curl", "ratio"], rows));
    const of = (figure) => median(pairs.map(({ a }) => a[figure]));
    say(
      `the sidecar itself: ${of("cpuS").toFixed(2)} s CPU, ${of("peakMb").toFixed(0)} MB; ` +
        `${of("startS").toFixed(2)} s until its first line, wall ratio from there ` +
        median(pairs.map(({ a, b }) => (a.wallS - a.startS) / b.wallS)).toFixed(2),
    );
  } finally {
    for (const container of logs) await container.remove({ force: true });
  }
}

async function drain({ socketPath, pid }, ids) {
  const engineBefore = engineCpu(pid);
  const startMs = performance.now();
  const urlOf = (id) => `http://docker/containers/${id}/logs?stdout=1&stderr=1&timestamps=1`;
  const get = (id) =>
    run("curl", ["-sS", "--fail", "-o", "/dev/null", "--unix-socket", socketPath, urlOf(id)]);
  await Promise.all(ids.map(get));
  return { wallS: (performance.now() - startMs) / 1000, engineS: engineCpu(pid) - engineBefore };
}
