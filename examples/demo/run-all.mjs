/** Runs all demo apps as programs of this machine, for where there is no Docker Engine; ends when they have ended. */
import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const apps = fileURLToPath(new URL("apps", import.meta.url));
const hasPython = spawnSync("python3", ["--version"], { stdio: "ignore" }).status === 0;

const commands = [
  [process.execPath, `${apps}/onnx-sentiment.mjs`],
  [process.execPath, `${apps}/batch-processor.mjs`],
  [process.execPath, `${apps}/security-monitor.mjs`],
  hasPython ? ["python3", `${apps}/legacy_worker.py`] : [process.execPath, `${apps}/legacy-worker.mjs`],
];

// All print into the one pair of pipes; a write of less than 4096 bytes into a pipe is never torn.
const children = commands.map(([program, script]) => spawn(program, [script], { stdio: ["ignore", 1, 2] }));
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    for (const child of children) child.kill(signal);
  });
}
for (const child of children) {
  child.on("exit", (code) => {
    if (code !== 0) process.exitCode = 1;
  });
}
