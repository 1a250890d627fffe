import { spawnSync } from "node:child_process";
import { findPython } from "../scripts/programs.mjs";

/** Runs a Python script with numpy and pandas at hand; gives what it prints, read as JSON. */
export function runPython(script: string, args: readonly string[], input = ""): unknown {
  const python = findPython();
  if (python === undefined) throw new Error("no Python 3 that has numpy and pandas; ask requirement() first");
  return JSON.parse(run(python, ["-c", script, ...args], input));
}

/** Runs jq with a filter over a file; gives its output lines. */
export function runJq(filter: string, path: string): string[] {
  return run("jq", ["-c", filter, path], "")
    .split("\n")
    .filter((line) => line !== "");
}

function run(program: string, args: readonly string[], input: string): string {
  const done = spawnSync(program, args, { input, encoding: "utf8", maxBuffer: 256 * 1024 * 1024 });
  if (done.error !== undefined) throw done.error;
  if (done.status !== 0) throw new Error(`${program} ended with ${done.status}: ${done.stderr}`);
  return done.stdout;
}
