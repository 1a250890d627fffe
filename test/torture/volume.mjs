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

/** Bytes of all files in raw. */
export async function measureVolume(logDir) {
  const folder = join(logDir, "raw");
  let bytes = 0;
  for (const path of await filesBelow(folder)) {
    // Removed in between, by a recovery.
    const found = await stat(join(folder, path)).catch(() => undefined);
    bytes += found?.size ?? 0;
  }
  return bytes;
}
