/** Runs programs and says what they used: CPU (user and system, all threads), wall clock, peak memory. */
import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";

/** The built program as the image starts it (Dockerfile), … */
export const SIDECAR = [
  process.execPath,
  "--max-semi-space-size=8",
  new URL("../dist/main.js", import.meta.url).pathname,
];
/** … and its environment there. */
export const SIDECAR_ENV = { MALLOC_ARENA_MAX: "2" };

/**
 * Feeds a file through a pipe to a program and waits for its end.
 * @returns {Promise<{cpuS: number, wallS: number, peakMb: number}>}
 */
export async function measurePipe(file, command, { env = {}, scratch }) {
  const report = `${scratch}/time-${process.pid}`;
  const timed = ["time", "-o", report, "-f", "%e %U %S %M", ...command];
  await run("sh", ["-c", 'cat "$0" | exec "$@"', file, ...timed], env);
  const [wallS, userS, systemS, peakKb] = readFileSync(report, "utf8")
    .trim()
    .split("\n")
    .at(-1)
    .split(" ")
    .map(Number);
  rmSync(report);
  return { cpuS: userS + systemS, wallS, peakMb: peakKb / 1024 };
}

/** Runs a program to its end; what it says is shown only when it fails. */
export function run(program, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.on("data", (text) => {
      said = (said + text).slice(-4000);
    });
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${program} ended with ${code}: ${said}`));
    });
  });
}

/** A sidecar over the labelled containers of an engine; it says warnings alone, unless `env` or `stderr` want more. */
export function startSidecar(host, logDir, { env = {}, args = [], stderr = "inherit" } = {}) {
  const [program, ...before] = SIDECAR;
  return spawn(program, [...before, "run", ...args], {
    env: {
      ...process.env,
      ...SIDECAR_ENV,
      DOCKER_HOST: host,
      SIDECAR_SCOPE: "labelled",
      SIDECAR_LOG_DIR: logDir,
      SIDECAR_LOG_LEVEL: "warn",
      ...env,
    },
    stdio: ["ignore", "ignore", stderr],
  });
}

/** What a running process has used so far, read from /proc. */
export function usageOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // Behind the name, which may hold anything, in brackets; fields 14 and 15 of proc(5), in ticks of 10 ms.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const peakKb = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN);
  return { cpuS: (Number(fields[11]) + Number(fields[12])) / 100, peakMb: peakKb / 1024 };
}
