/** Runs the scenarios that were asked for, one after the other, and says on what machine. */
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { findProgram } from "../scripts/programs.mjs";

/** In the order in which they run. */
export const SCENARIOS = [
  "docker",
  "files",
  "quiet",
  "pipe",
  "text",
  "redact",
  "rules",
  "categories",
  "windows",
  "store",
  "retention",
  "search",
  "http",
  "rotation",
  "last",
  "hosts",
];

/** @param {{names: string[], quick: boolean, say: (text: string) => void}} options */
export async function bench({ names, quick, say }) {
  const unknown = names.filter((name) => !SCENARIOS.includes(name));
  if (unknown.length > 0)
    throw new Error(`no scenario ${unknown.join(", ")}; there are ${SCENARIOS.join(", ")}`);
  const scratch = mkdtempSync(join(tmpdir(), "sidecar-bench-"));
  process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));
  say(
    `${cpus()[0]?.model ?? "unknown processor"}, ${availableParallelism()} cores, Node ${process.version}, load ${loadText()}`,
  );
  for (const name of names.length > 0 ? names : SCENARIOS) {
    const { title, measure } = await import(`./${name}.mjs`);
    say(`\n${title}`);
    await measure({ quick, scratch, say, findProgram });
    say(`(load ${loadText()})`);
  }
}

function loadText() {
  return loadavg()[0].toFixed(1);
}
