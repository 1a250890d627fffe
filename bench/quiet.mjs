/** Events of a quiet container while the sidecar reads the backlogs of eight others: how long after it was printed each can be read in its file. */
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { newLines } from "./backlog.mjs";
import { IMAGE, openEngine, printed } from "./engine.mjs";
import { expected, linesFile } from "./lines.mjs";
import { table } from "./pairs.mjs";
import { startSidecar } from "./programs.mjs";

export const title = "quiet: a quiet container's tagged events while eight backlogs are read";

const BACKLOGS = 8;
/** 450,000 lines are 95 MB. */
const LINES = 450_000;
const EVERY_MS = 100;
const LIMIT_MS = 300_000;
const NAME = "quiet";

export async function measure({ quick, scratch, say, findProgram }) {
  const count = quick ? LINES / 10 : LINES;
  const file = await linesFile(scratch, count);
  const engine = await openEngine({ scratch, say, findProgram });
  if (engine === undefined) return;
  const containers = [];
  try {
    for (let turn = 0; turn < BACKLOGS; turn++) containers.push(await printed(engine.docker, file));
    containers.push(await quietContainer(engine.docker));
    const { latenciesMs, wallS } = await watch(
      engine,
      join(scratch, "quiet"),
      BACKLOGS * expected(count).tagged,
    );
    const sorted = latenciesMs.toSorted((a, b) => a - b);
    const at = (share) => (sorted[Math.ceil(sorted.length * share) - 1] / 1000).toFixed(2);
    say(
      table(
        [`${BACKLOGS} x ${count} lines`, "events", "median s", "p99 s", "longest s", "all read in s"],
        [["", String(sorted.length), at(0.5), at(0.99), at(1), wallS.toFixed(1)]],
      ),
    );
  } finally {
    for (const container of containers) await container.remove({ force: true });
    await engine.close();
  }
}

/** Prints a tagged event each 100 ms until it is removed. */
export async function quietContainer(docker) {
  const event =
    '{"component":"quiet","level":"warning","event_type":"auth_failure","user":"root","attempts":7,"n":%d}\\n';
  const script = `n=0; while true; do n=$((n + 1)); printf '${event}' $n; usleep ${EVERY_MS * 1000}; done`;
  const container = await docker.createContainer({
    name: NAME,
    Image: IMAGE,
    Cmd: ["/bin/busybox", "sh", "-c", script],
    Labels: { "log-sidecar.enable": "true", "log-sidecar.bench": "1" },
    HostConfig: { NetworkMode: "none", LogConfig: { Type: "json-file", Config: {} } },
  });
  await container.start();
  return container;
}

/** Runs the sidecar until it has read the backlogs; of each event that was printed meanwhile, the milliseconds until it could be read. */
async function watch({ host }, logDir, tagged) {
  rmSync(logDir, { recursive: true, force: true });
  const startMs = Date.now();
  const child = startSidecar(host, logDir);
  const exited = once(child, "exit");
  const latenciesMs = [];
  try {
    const news = newLines(join(logDir, "tagged/permanent"));
    for (let others = 0; others < tagged; await sleep(10)) {
      const nowMs = Date.now();
      for (const line of news()) {
        const { component, ts } = JSON.parse(line);
        if (component !== NAME) others += 1;
        else if (Date.parse(ts) >= startMs) latenciesMs.push(nowMs - Date.parse(ts));
      }
      if (child.exitCode !== null) throw new Error(`the sidecar ended with ${child.exitCode}`);
      if (nowMs - startMs > LIMIT_MS) throw new Error("the backlogs were not read");
    }
    return { latenciesMs, wallS: (Date.now() - startMs) / 1000 };
  } finally {
    child.kill("SIGTERM");
    await exited;
  }
}
