/** The backlog of one container: the sidecar from its start until the last line can be seen in the files, against curl that only drains the same endpoint. */
import { join } from "node:path";
import { collect, engineCpu } from "./backlog.mjs";
import { openEngine, printed } from "./engine.mjs";
import { linesFile } from "./lines.mjs";
import { compare, inTurns, median, table } from "./pairs.mjs";
import { run } from "./programs.mjs";

export const title = "docker: the backlog of one container, the sidecar against curl to /dev/null";

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
      () => collect(engine, { logDir: join(scratch, "docker"), count }),
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

async function drain({ socketPath, pid }, id) {
  const engineBefore = engineCpu(pid);
  const startMs = performance.now();
  const url = `http://docker/containers/${id}/logs?stdout=1&stderr=1&timestamps=1`;
  await run("curl", ["-sS", "--fail", "-o", "/dev/null", "--unix-socket", socketPath, url]);
  return { wallS: (performance.now() - startMs) / 1000, engineS: engineCpu(pid) - engineBefore };
}
