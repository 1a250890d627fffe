import { pathsOf } from "./capture.js";
import { readCheckpoints } from "./checkpoint.js";
import { realDisk } from "./disk.js";
import { Journal } from "./journal.js";

/**
 * What `Store.openPaths` would say, read from the volume: for commands that run without a sidecar, and for the emergency cleanup
 * that a full disk calls for before the store could open. Paths below the log folder.
 */
export async function readOpenPaths(logDir: string): Promise<Set<string>> {
  const disk = realDisk(logDir);
  const paths = new Set<string>();
  // A broken checkpoint names nothing; the store will go on from the other, or refuse to start.
  for (const body of await readCheckpoints(disk, () => undefined)) {
    for (const path of pathsOf(body)) paths.add(path);
  }
  for (const { path, finalPath } of await Journal.read(disk)) {
    paths.add(path);
    if (finalPath !== undefined) paths.add(finalPath);
  }
  return paths;
}
