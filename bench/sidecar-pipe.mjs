/** One run of the sidecar that reads a file from a pipe, counted and measured. */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expected } from "./lines.mjs";
import { measurePipe, SIDECAR, SIDECAR_ENV } from "./programs.mjs";

/** What it used for `count` lines of lines.mjs; a run that lost lines is an error, since its figures are worth nothing. */
export async function measureSidecar(file, count, scratch, env = {}, wanted = expected(count)) {
  const folder = join(scratch, "sidecar");
  rmSync(folder, { recursive: true, force: true });
  const used = await measurePipe(file, [...SIDECAR, "run", "--source", "stdin"], {
    scratch,
    env: { ...SIDECAR_ENV, SIDECAR_LOG_DIR: folder, SIDECAR_LOG_LEVEL: "warn", ...env },
  });
  if (count > 0) check(folder, wanted);
  return used;
}

function check(folder, wanted) {
  for (const category of ["raw", "summary", "tagged"].filter((name) => wanted[name] > 0)) {
    const headers = category === "summary" ? 1 : 0;
    let lines = 0;
    for (const entry of readdirSync(join(folder, category), { recursive: true })) {
      if (/\.(jsonl|csv)$/.test(entry)) lines += newlines(join(folder, category, entry)) - headers;
    }
    if (lines !== wanted[category])
      throw new Error(`${category} has ${lines} lines instead of ${wanted[category]}`);
  }
}

/** How many lines a file has, however long it is. */
export function newlines(path) {
  const bytes = readFileSync(path);
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}
