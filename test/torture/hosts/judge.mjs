/** Compares what the consumer stored with what the engine holds: each line once for each host, in all categories. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { stagedSamples } from "../checkpoint.mjs";
import { Comparison } from "../comparison.mjs";
import { readEngineLog } from "../engine-log.mjs";
import { committedLedger } from "../leftovers.mjs";
import { storedRecords, storedRows, storedSamples } from "../stored.mjs";

const TABLE_HEADER = "ts,id,n,says";

/** The name of this machine's own lines, which say no host. */
const HERE = "";

/** How many lines the sidecar that runs now has stored of a host's containers, or of its own. */
export async function linesRead({ logDir, life }, host = HERE) {
  try {
    const { pid, containers } = JSON.parse(await readFile(join(logDir, ".sidecar/status.json"), "utf8"));
    if (pid !== life.pid) return 0;
    return containers.filter(({ id }) => hostOf(id) === host).reduce((sum, { read }) => sum + read, 0);
  } catch {
    // Not written yet, or just being replaced.
    return 0;
  }
}

/** Containers of other hosts have these in their ids. */
function hostOf(id) {
  return id.includes("/") ? id.slice(0, id.indexOf("/")) : HERE;
}

/** What the engine holds of each container. */
export async function readHeld(printers) {
  const held = [];
  for (const printer of printers.all) held.push({ printer, lines: await readEngineLog(printer) });
  return held;
}

/**
 * `hosts`: whose lines there have to be; by default this machine's own. Rows and samples do not say whose host's they are: there must be one of each line for each. So nothing is said of the samples' order.
 * @returns {Promise<{ comparisons: Map<string, Comparison>, wrong: string[] }>}
 */
export async function judge({ held, logDir, hosts = [HERE] }) {
  const wrong = [];
  const ledger = await committedLedger(logDir);
  const comparisons = new Map(hosts.map((host) => [host, new Comparison()]));
  for (const [host, comparison] of comparisons) {
    for (const { printer, lines } of held) {
      comparison.hold(printer.name, lines);
      const read = ledger.get(idOf(host, printer.container.id))?.read;
      if (read !== lines.length)
        wrong.push(
          `the ledger says that ${read} lines of ${host}, ${printer.name} were read; the engine holds ${lines.length}`,
        );
    }
  }
  for (const category of /** @type {const} */ (["raw", "tagged"])) {
    for await (const { record, place } of storedRecords(logDir, category)) {
      const host = record.host ?? HERE;
      const series = `${place.series}/${host}`;
      const comparison = comparisons.get(host);
      if (comparison === undefined) wrong.push(`${place.file}:${place.line} is of host ${host}`);
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

function idOf(host, id) {
  return host === HERE ? id : `${host}/${id}`;
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
