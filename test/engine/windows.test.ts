import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type Docker from "dockerode";
import { afterAll, describe, expect, it } from "vitest";
import { runPython } from "../programs.js";
import { requirement } from "../requirements.js";
import { connect, removeContainers, runContainer } from "./engine.js";
import { COLLECT, SidecarProcess } from "./sidecar.js";
import { filesBelow } from "./stored.js";

const main = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

const RULES = `
rules:
  - id: by-path
    match: { ms|exists: true }
    to: { summary: { table: by_path, every: 1s, grace: 1s, by: [path], columns: [ms] } }
    continue: true
  - id: by-day
    match: { ms|exists: true }
    to: { summary: { table: by_day, every: 1d, by: [path], columns: [ms] } }
`;

/** Numbers of very different size on both sides of zero, some 600 a second until the container is killed. */
const script = (seed: number) =>
  `awk 'BEGIN{srand(${seed});for(i=1;;i++){x=rand();x*=x;printf "{\\"path\\":\\"/%d\\",\\"ms\\":%.4f}\\n",int(5*rand()),1000*x*x*x-30;` +
  `if(i%30==0){fflush();system("usleep 45000")}}}'`;

/** Adds the rows of each window and group up, and holds them against pandas' own figures over the engine's lines. */
const COMPARE = `
import json, pandas, sys
lines = pandas.DataFrame(json.load(sys.stdin))
lines["window_start"] = pandas.to_datetime(lines.ts).dt.floor(sys.argv[1])
groups = lines.groupby(["window_start", "path"]).ms
exact = pandas.DataFrame({name: getattr(groups, name)() for name in ["count", "sum", "min", "max"]})
for share in (50, 95, 99): exact[f"p{share}"] = groups.quantile(share / 100, interpolation="lower")
rows = pandas.concat([pandas.read_csv(path, parse_dates=["window_start"]) for path in sys.argv[2:]])
alone = rows[~rows.duplicated(["window_start", "path"], keep=False)].set_index(["window_start", "path"])
whole = rows.groupby(["window_start", "path"]).agg({"count": "sum", "ms_count": "sum", "ms_sum": "sum", "ms_min": "min", "ms_max": "max"})
def off(rows, name): return float(((rows["ms_" + name] - exact[name]).abs() / exact[name].abs()).max())
print(json.dumps({
    "groups": [len(exact), len(whole)],
    "late": int(rows.late.sum()),
    "records": bool((whole["count"] == exact["count"]).all()),
    "exact": max(off(whole, name) for name in ["count", "sum", "min", "max"]),
    "near": max(off(alone, name) for name in ["p50", "p95", "p99"]) if len(alone) else 0,
}))`;

interface Comparison {
  /** As pandas has them, and as they are stored. */
  readonly groups: readonly [number, number];
  /** Rows that came after others of their window. */
  readonly late: number;
  readonly records: boolean;
  /** The largest difference of counts, sums, minima and maxima; and of the percentiles of groups with a single row. */
  readonly exact: number;
  readonly near: number;
}

describe.skipIf(requirement("engine").missing || requirement("python").missing)("windows", () => {
  const docker = connect();
  const made: Docker.Container[] = [];
  const folders: string[] = [];

  afterAll(async () => {
    await removeContainers(made);
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });

  it("hold what pandas makes of the engine's lines, though the sidecar is killed again and again", async () => {
    const rulesDir = await mkdtemp(join(tmpdir(), "sidecar-rules-"));
    await writeFile(join(rulesDir, "windows.yaml"), RULES);
    const env = { SIDECAR_RULES_DIR: rulesDir };
    let sidecar = await SidecarProcess.start({ env });
    const { logDir } = sidecar;
    folders.push(rulesDir, logDir);
    for (const seed of [1, 2])
      made.push(await runContainer(docker, { script: script(seed), labels: COLLECT }));

    // Before and after commits, which begin a second after a start at the soonest.
    for (const pauseMs of [1300, 300, 1200]) {
      await connected(sidecar);
      await sleep(pauseMs);
      await sidecar.kill();
      sidecar = await SidecarProcess.start({ logDir, env });
    }
    await connected(sidecar);
    await sidecar.kill();
    // There are ten groups at each moment.
    sidecar = await SidecarProcess.start({ logDir, env: { ...env, SIDECAR_MAX_GROUPS: "8" } });
    await sidecar.until("groups are closed early", () => sidecar.log.includes("too many open groups"));
    // An orderly stop keeps what is open as well.
    expect(await sidecar.stop()).toBe(0);
    expect(sidecar.log).toContain("windows that are not over are kept in the checkpoint");

    await Promise.all(made.map((container) => container.kill()));
    const lines = (await Promise.all(made.map(linesOf))).flat();
    sidecar = await SidecarProcess.start({ logDir, env });
    const inRows = async () => (await recordsIn(logDir, "by_path")) === lines.length;
    await sidecar.until("all lines are in rows", inRows);
    expect(await recordsIn(logDir, "by_day"), "the day is not over").toBeLessThan(lines.length);
    await sidecar.stop();
    const args = [main, "run", "--source", "stdin", "--log-dir", logDir, "--rules-dir", rulesDir];
    expect(spawnSync(process.execPath, args, { input: "" }).status).toBe(0);

    const input = JSON.stringify(lines);
    for (const [table, length] of [
      ["by_path", "1s"],
      ["by_day", "1D"],
    ] as const) {
      const files = await filesBelow(join(logDir, "summary", table));
      const { groups, records, exact, near, late } = runPython(
        COMPARE,
        [length, ...files],
        input,
      ) as Comparison;
      expect([table, groups[0], records]).toEqual([table, groups[1], true]);
      expect(exact).toBeLessThan(1e-12);
      expect(late).toBeGreaterThan(0);
      expect(near).toBeLessThan(0.0100001);
    }
  });
});

function connected(sidecar: SidecarProcess): Promise<void> {
  return sidecar.until("it has started", () => sidecar.log.includes("connected to the Docker Engine"));
}

/** The records that the rows of a table stand for. */
async function recordsIn(logDir: string, table: string): Promise<number> {
  let records = 0;
  for (const path of await filesBelow(join(logDir, "summary", table))) {
    for (const row of (await readFile(path, "utf8")).split("\n").slice(1, -1))
      records += Number(row.split(",")[3]);
  }
  return records;
}

/** What the engine holds of a container. */
async function linesOf(container: Docker.Container): Promise<{ ts: string; path: string; ms: number }[]> {
  const log = (await container.logs({ follow: false, stdout: true, timestamps: true })).toString("latin1");
  return [...log.matchAll(/(\d{4}-[\d:T.-]+Z) \{"path":"(\/\d)","ms":([-.\d]+)\}/g)].map(
    ([, ts = "", path = "", ms]) => ({ ts, path, ms: Number(ms) }),
  );
}
