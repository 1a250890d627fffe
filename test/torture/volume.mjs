/** Looks at the log volume without understanding it. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/**
 * Files below a folder, as paths from there, sorted; none when there is no such folder.
 * @param {string} folder
 * @returns {Promise<string[]>}
 */
export async function filesBelow(folder) {
  const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return names
    .filter((entry) => entry.isFile() || entry.isSocket())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/**
 * Bytes of the files in raw that are written to, by path; compressed ones grow no more.
 * @returns {Promise<Map<string, number>>}
 */
export async function measureRaw(logDir) {
  const folder = join(logDir, "raw");
  const sizes = new Map();
  for (const path of await filesBelow(folder)) {
    // Removed in between, by a recovery or by retention.
    const found = path.endsWith(".jsonl") ? await stat(join(folder, path)).catch(() => undefined) : undefined;
    if (found !== undefined) sizes.set(path, found.size);
  }
  return sizes;
}
