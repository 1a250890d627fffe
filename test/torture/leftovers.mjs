/** Looks for what a sidecar that was stopped in order must not leave behind. */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { filesBelow } from "./volume.mjs";

const KEPT = new Set(["checkpoint.json", "checkpoint.previous.json", "created.jsonl", "status.json"]);

/**
 * @param {string} logDir
 * @param {boolean} rested the last sidecar had nothing to read: then staged files are gone as well, which go two commits after they
 *   were finished
 * @returns {Promise<string[]>} what is wrong, one sentence each
 */
export async function findLeftovers(logDir, rested) {
  const wrong = [];
  const { body } = JSON.parse(await readFile(join(logDir, ".sidecar/checkpoint.json"), "utf8"));
  if (body.staged.length > 0) wrong.push(`${body.staged[0].path} is not finished`);
  const retired = rested ? [] : body.retired.map(({ path }) => path);
  for (const path of await filesBelow(join(logDir, ".sidecar")))
    if (!KEPT.has(path) && !retired.includes(`.sidecar/${path}`))
      wrong.push(`.sidecar/${path} was left behind`);
  for (const { path, length } of body.segments) {
    const size = (await stat(join(logDir, path)).catch(() => undefined))?.size;
    if (size !== length) wrong.push(`${path} has ${size} bytes, ${length} are committed`);
  }
  for (const path of await filesBelow(logDir))
    if (!path.startsWith(".sidecar/") && !/\.(jsonl|csv|npz|pkl)$/.test(path))
      wrong.push(`${path} is not ours`);
  return wrong;
}

/**
 * @param {string} logDir
 * @returns {Promise<Map<string, Record<string, number>>>} by container id: what the ledger of the last commit says
 */
export async function committedLedger(logDir) {
  const { body } = JSON.parse(await readFile(join(logDir, ".sidecar/checkpoint.json"), "utf8"));
  return new Map(Object.entries(body.parts.ledger.accounts));
}
