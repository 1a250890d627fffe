import { pathsOf, readCheckpoints } from "./checkpoint.js";
import { realDisk } from "./disk.js";
import { Journal } from "./journal.js";

/**
 * What `Store.openPaths` would say, read from the volume: for commands that run without a sidecar, and for the emergency cleanup
 * that a full disk calls for before the store could open. Paths below the log folder.
 */
export async function readOpenPaths(logDir: string): Promise<Set<string>> {
  const disk = realDisk(logDir);
  const paths = new Set<string>();
  // Before the checkpoints: an intent that leaves the journal meanwhile is known by both of them.
  const intents = await Journal.read(disk);
  // A broken checkpoint names nothing; the store will go on from the other, or refuse to start.
  const bodies = await readCheckpoints(disk, () => undefined);
  for (const body of bodies) {
    for (const path of pathsOf(body)) paths.add(path);
  }
  // The journal keeps intents for long; those that both checkpoints know are sealed, or named above.
  const knownUpTo = bodies.length === 2 ? Math.min(...bodies.map(({ serial }) => serial)) : 0;
  for (const { path, finalPath, first } of intents) {
    if (first <= knownUpTo) continue;
    paths.add(path);
    if (finalPath !== undefined) paths.add(finalPath);
  }
  return paths;
}
