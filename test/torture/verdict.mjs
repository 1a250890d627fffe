/** Brings the run to its end and compares. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { stagedSamples } from "./checkpoint.mjs";
import { Comparison } from "./comparison.mjs";
import { readEngineLog } from "./engine-log.mjs";
import { committedLedger, findLeftovers } from "./leftovers.mjs";
import { storedRecords, storedRows, storedSamples } from "./stored.mjs";

const TABLE_HEADER = "ts,id,n,says";
const CATCH_UP_LIMIT_MS = 300_000;
/** What would come once too often has this long to show itself. */
const REST_MS = 2_000;

/**
 * @typedef {object} Parts
 * @property {import("./killer.mjs").Killer} killer
 * @property {import("./containers.mjs").Printers} printers
 * @property {string} logDir
 */

/**
 * A last sidecar reads to the end. Two more find nothing left to read: the first finishes samples that there was no time for, the
 * second removes what they were made of.
 * @param {Parts} parts
 */
export async function catchUp({ killer, printers, logDir }) {
  const held = await countHeld(printers);
  const limit = Date.now() + CATCH_UP_LIMIT_MS;
  // After the limit it is stopped all the same: the comparison tells what is missing.
  await killer.liveUntil("that has read to the end", async (life) => {
    if (Date.now() > limit) return true;
    return (await readStatus(logDir, life))?.containers.reduce((sum, { read }) => sum + read, 0) >= held;
  });
  for (const _ of ["finishes samples", "removes what they were made of"]) {
    await killer.liveUntil("that had nothing left to read", async (life) => {
      if (Date.now() > limit) return true;
      const restedMs = performance.now() - (life.connectedAtMs ?? Number.POSITIVE_INFINITY);
      return restedMs > REST_MS && (await readStatus(logDir, life))?.store.stagedFiles === 0;
    });
  }
}

/**
 * @param {Parts & { complete: boolean }} parts `complete`: nothing prints any more and all was read
 * @returns {Promise<{ comparison: Comparison, wrong: string[] }>}
 */
export async function verify({ killer, printers, logDir, complete }) {
  const comparison = new Comparison();
  const wrong = await findLeftovers(logDir, {
    rested: complete,
    pid: killer.lastPid,
    failing: killer.failingDisk,
    hasFailed: killer.hadFailingDisk,
  });
  const ledger = await committedLedger(logDir);
  for (const printer of printers.all) {
    const lines = await readEngineLog(printer);
    comparison.hold(printer.name, lines);
    const read = ledger.get(printer.container.id)?.read;
    if (complete && read !== lines.length)
      wrong.push(
        `the ledger says that ${read} lines of ${printer.name} were read, the engine holds ${lines.length}`,
      );
  }
  for (const category of /** @type {const} */ (["raw", "tagged"]))
    for await (const { record, place } of storedRecords(logDir, category))
      comparison.record(category, record, place);
  for await (const { row, place } of storedRows(logDir, TABLE_HEADER)) comparison.row(row, place);
  for (const sample of storedSamples(logDir)) comparison.sample(sample);
  for (const sample of await stagedSamples(logDir)) comparison.sample(sample);
  comparison.end({ complete });
  return { comparison, wrong };
}

async function countHeld(printers) {
  let lines = 0;
  for (const printer of printers.all) lines += (await readEngineLog(printer)).length;
  return lines;
}

/** What the running sidecar says of itself, if it has; only waiting hangs on it, the comparison does not. */
async function readStatus(logDir, { pid }) {
  try {
    const status = JSON.parse(await readFile(join(logDir, ".sidecar/status.json"), "utf8"));
    // The one before it may have read more than it had committed when it was killed.
    return status.pid === pid ? status : undefined;
  } catch {
    // Not written yet, or just being replaced.
    return undefined;
  }
}
