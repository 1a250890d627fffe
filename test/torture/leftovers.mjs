/** Looks for what a sidecar that was stopped in order must not leave behind. */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { readCheckpoint } from "./checkpoint.mjs";
import { filesBelow } from "./volume.mjs";

const KEPT = new Set([
  "checkpoint.json",
  "checkpoint.previous.json",
  "created.jsonl",
  "status.json",
  "retention/index.json",
  "retention/last-run.json",
]);
/** A dead owner's lock that could not be removed when it was moved aside: whoever starts a minute later or more does that. */
const LOCK_ASIDE = /^lock\.[0-9a-f]+$/;
/** A cache, which a sidecar that lives for a minute makes, and the next look cleans up: any of it may be there. */
const SEARCH_INDEX = /^search\/.*\.index2(\.new)?$/;

/**
 * @param {string} logDir
 * @param {{ rested: boolean, pid: number | undefined, failing: boolean, hasFailed: boolean }} last `hasFailed`: the disk did, in lives before; `failing`: the disk is, so that removing a name may have failed; `rested`: the last two sidecars had nothing to read: then staged files
 *   are gone as well, and retention has run; `pid` of the last one
 * @returns {Promise<string[]>} what is wrong, one sentence each
 */
export async function findLeftovers(logDir, { rested, pid, failing, hasFailed }) {
  const wrong = [];
  const body = await readCheckpoint(logDir);
  const known = rested ? [] : [...body.staged, ...body.retired].map(({ path }) => path);
  for (const path of await filesBelow(join(logDir, ".sidecar")))
    if (
      !failing &&
      !KEPT.has(path) &&
      !SEARCH_INDEX.test(path) &&
      !(hasFailed && LOCK_ASIDE.test(path)) &&
      !known.includes(`.sidecar/${path}`) &&
      (rested || !(await isOfKilled(logDir, path, pid)))
    )
      wrong.push(`.sidecar/${path} was left behind`);
  for (const { path, length } of [...body.segments, ...body.staged]) {
    const size = (await stat(join(logDir, path)).catch(() => undefined))?.size;
    if (size !== length) wrong.push(`${path} has ${size} bytes, ${length} are committed`);
  }
  const paths = new Set(await filesBelow(logDir));
  for (const path of paths) {
    const isManifest = [".npz", ".pkl", ".pkl.gz"].some((ending) =>
      paths.has(path.replace(/\.json$/, ending)),
    );
    const isOurs = isManifest || /\.(jsonl|csv|npz|pkl)(\.gz)?$/.test(path);
    // A run of retention that is killed between two files leaves the manifest and its file in two places.
    const isParted = !rested && /^archive\/training\/.*\.json$/.test(path);
    if (!path.startsWith(".sidecar/") && !isOurs && !isParted) wrong.push(`${path} is not ours`);
    if (rested && paths.has(`${path}.gz`)) wrong.push(`${path} stands beside its compressed successor`);
  }
  return wrong;
}

/** What a run of retention that was killed leaves until the next run, which a sidecar that is stopped early does not begin. */
async function isOfKilled(logDir, path, pid) {
  // A `.new` is written by the next run before it gets its name.
  if (/^retention\/(lock-[0-9a-f]+\.sock|lock\.[0-9a-f]+|tmp\/.*|(index|last-run)\.json\.new)$/.test(path))
    return true;
  if (path !== "retention/lock") return false;
  // Killed between making it and writing to it.
  const text = await readFile(join(logDir, ".sidecar", path), "utf8");
  return text === "" || JSON.parse(text).pid !== pid;
}

/**
 * @param {string} logDir
 * @returns {Promise<Map<string, Record<string, number>>>} by container id: what the ledger of the last commit says
 */
export async function committedLedger(logDir) {
  const body = await readCheckpoint(logDir);
  return new Map(Object.entries(body.parts.ledger.accounts));
}
