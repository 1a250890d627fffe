/** The sidecar over the backlog of containers, until the last line can be seen in its files. */
import { once } from "node:events";
import { closeSync, existsSync, openSync, readdirSync, readSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expected } from "./lines.mjs";
import { startSidecar, usageOf } from "./programs.mjs";

const LIMIT_MS = 300_000;

/** Runs the sidecar until the tagged file holds all that it has to of `containers` backlogs: the last line of each is a tagged one. */
export async function collect({ host, pid }, { logDir, count, containers = 1, env = {} }) {
  rmSync(logDir, { recursive: true, force: true });
  const engineBefore = engineCpu(pid);
  const startMs = performance.now();
  const child = startSidecar(host, logDir, { env });
  const exited = once(child, "exit");
  const folder = join(logDir, "tagged/permanent");
  const wanted = expected(count).tagged * containers;
  let startS;
  try {
    const news = newLines(folder);
    for (let lines = news().length; lines < wanted; lines += news().length) {
      await sleep(10);
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

/** What the engine has used so far, where its pid is known. */
export function engineCpu(pid) {
  return pid === undefined ? Number.NaN : usageOf(pid).cpuS;
}

/** Reads a folder's files as they grow: at each call the whole lines that are new, in no order of the files. */
export function newLines(folder) {
  const buffer = Buffer.alloc(1 << 20);
  const seen = new Map();
  return () => {
    if (!existsSync(folder)) return [];
    const lines = [];
    for (const name of readdirSync(folder, { recursive: true })) {
      if (!name.endsWith(".jsonl")) continue;
      const file = openSync(join(folder, name), "r");
      for (;;) {
        const from = seen.get(name) ?? 0;
        const read = readSync(file, buffer, 0, buffer.length, from);
        const end = buffer.subarray(0, read).lastIndexOf(10) + 1;
        if (end === 0) break;
        seen.set(name, from + end);
        lines.push(...buffer.toString("utf8", 0, end - 1).split("\n"));
      }
      closeSync(file);
    }
    return lines;
  };
}
