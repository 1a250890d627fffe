/** Compares what the consumer stored with what the engine holds: each line once for each host, in all categories. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { stagedSamples } from "../checkpoint.mjs";
import { Comparison } from "../comparison.mjs";
import { readEngineLog } from "../engine-log.mjs";
import { committedLedger } from "../leftovers.mjs";
import { storedRecords, storedRows, storedSamples } from "../stored.mjs";
import { HOSTS } from "./parts.mjs";

const TABLE_HEADER = "ts,id,n,says";

/** How many lines the consumer that runs now has read of a host's containers. */
export async function linesRead({ logDir, life }, host) {
  try {
    const { pid, containers } = JSON.parse(await readFile(join(logDir, ".sidecar/status.json"), "utf8"));
    if (pid !== life.pid) return 0;
    return containers.filter(({ id }) => id.startsWith(`${host}/`)).reduce((sum, { read }) => sum + read, 0);
  } catch {
    // Not written yet, or just being replaced.
    return 0;
  }
}

/** What the engine holds of each container. */
export async function readHeld(printers) {
  const held = [];
  for (const printer of printers.all) held.push({ printer, lines: await readEngineLog(printer) });
  return held;
}

/**
 * Rows and samples do not say whose host's they are: there must be one of each line for each. So nothing is said of the samples' order.
 * @returns {Promise<{ comparisons: Map<string, Comparison>, wrong: string[] }>}
 */
export async function judge({ held, logDir }) {
  const wrong = [];
  const ledger = await committedLedger(logDir);
  const comparisons = new Map(HOSTS.map((host) => [host, new Comparison()]));
  for (const [host, comparison] of comparisons) {
    for (const { printer, lines } of held) {
      comparison.hold(printer.name, lines);
      const read = ledger.get(`${host}/${printer.container.id}`)?.read;
      if (read !== lines.length)
        wrong.push(
          `the ledger says that ${read} lines of ${host}, ${printer.name} were read; the engine holds ${lines.length}`,
        );
    }
  }
  for (const category of /** @type {const} */ (["raw", "tagged"])) {
    for await (const { record, place } of storedRecords(logDir, category)) {
      const series = `${place.series}/${record.host}`;
      const comparison = comparisons.get(String(record.host));
      if (comparison === undefined) wrong.push(`${place.file}:${place.line} is of host ${record.host}`);
      else comparison.record(category, record, { ...place, series });
    }
  }
  const next = turns([...comparisons.values()]);
  for await (const { row, place } of storedRows(logDir, TABLE_HEADER)) next(`row ${row[1]}`).row(row, place);
  for (const sample of [...storedSamples(logDir), ...(await stagedSamples(logDir))])
    next(`sample ${sample.id}`).sample({ ...sample, file: `${sample.file}, ${sample.id}` });
  for (const comparison of comparisons.values()) comparison.end({ complete: true });
  return { comparisons, wrong };
}

/** The first of a line is for one comparison, the next for the other, and one too many for that as well. */
function turns(comparisons) {
  const seen = new Map();
  return (id) => {
    const turn = seen.get(id) ?? 0;
    seen.set(id, turn + 1);
    return comparisons[Math.min(turn, comparisons.length - 1)];
  };
}
