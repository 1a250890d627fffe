/** The backlog of one container, read from the engine's files and by its log API in turns: what each costs the engine and the sidecar. */
import { join } from "node:path";
import { collect } from "./backlog.mjs";
import { openEngine, printed } from "./engine.mjs";
import { linesFile } from "./lines.mjs";
import { compare, inTurns, table } from "./pairs.mjs";

export const title = "files: the backlog of one container from the engine's files, against the log API";

export async function measure({ quick, scratch, say, findProgram }) {
  const count = quick ? 200_000 : 1_000_000;
  const file = await linesFile(scratch, count);
  const engine = await openEngine({ scratch, say, findProgram });
  if (engine === undefined) return;
  let container;
  try {
    container = await printed(engine.docker, file);
    const logDir = join(scratch, "files");
    const pairs = await inTurns(
      Number(process.env.ROUNDS ?? 3),
      () => collect(engine, { logDir, count, env: { SIDECAR_ENGINE_FILES: engine.containersFolder } }),
      () => collect(engine, { logDir, count }),
    );
    const figures = [
      ["CPU s of the sidecar", "cpuS"],
      ...(engine.pid === undefined ? [] : [["CPU s of the engine", "engineS"]]),
      ["wall s", "wallS"],
      ["peak MB of the sidecar", "peakMb"],
    ];
    const rows = figures.map(([name, figure]) => {
      const { a, b, ratio } = compare(pairs, figure);
      return [name, a.toFixed(2), b.toFixed(2), ratio.toFixed(3)];
    });
    say(`Docker Engine ${(await engine.docker.version()).Version}`);
    say(table([`${count} lines`, "files", "log API", "ratio"], rows));
  } finally {
    await container?.remove({ force: true });
    await engine.close();
  }
}
