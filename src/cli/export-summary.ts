import { rm, stat } from "node:fs/promises";
import { SidecarError } from "../core/errors.js";
import { dateOfSegment } from "../reading/segments.js";
import { VERSION } from "../version.js";
import type { Console } from "./console.js";
import { brokenOff, refuseFolder, unwritable } from "./export-refusals.js";
import { type JoinedTable, joinTable, tableSources } from "./join-table.js";
import { Progress } from "./progress.js";
import { WholeFiles } from "./whole-files.js";

export interface SummaryExport {
  readonly logDir: string;
  readonly table: string;
  /** Ends in `.csv` or `.parquet`. */
  readonly out: string;
  /** Earlier rows are left out; an engine timestamp. */
  readonly since: string | undefined;
  readonly json: boolean;
  /** Breaks the export off; nothing of it is left. */
  readonly stop: AbortSignal;
}

/** Rows between two looks at Ctrl-C. */
const LOOK_ROWS = 1000;

/**
 * `log-sidecar export summary`: joins the rows of a table, active, compressed and archived, into one file. Returns 0.
 * @throws SidecarError SETTINGS_INVALID, EXPORT_FAILED, FILE_DAMAGED
 */
export async function exportSummary(request: SummaryExport, { out, err }: Console): Promise<0> {
  const isParquet = mustBeTable(request.out);
  await refuseFolder(request.out);
  const whole = new WholeFiles();
  const progress = new Progress(err);
  const path = whole.begin(request.out);
  const csv = isParquet ? `${path}.csv` : path;
  try {
    const joined = await joinRows(request, csv, progress);
    if (isParquet) await writeParquet(request, { joined, from: csv, to: path, progress });
    const { size: bytes } = await stat(path);
    await whole.publish();
    progress.clear();
    const told = { ...describe(request, joined), file: request.out, bytes };
    out.write(request.json ? `${JSON.stringify(told)}\n` : reportText(told));
    return 0;
  } catch (cause) {
    progress.clear();
    await whole.remove();
    throw cause instanceof SidecarError ? cause : unwritable(request.out, cause);
  } finally {
    if (isParquet) await rm(csv, { force: true });
  }
}

async function joinRows(
  { logDir, table, since, stop }: SummaryExport,
  to: string,
  progress: Progress,
): Promise<JoinedTable> {
  const sources = await tableSources(logDir, table);
  const dates = [...new Set(sources.segments.map(({ date }) => date))];
  let rows = 0;
  return joinTable({
    ...sources,
    logDir,
    since,
    to,
    onRow(path) {
      if (rows++ % LOOK_ROWS !== 0) return;
      if (stop.aborted) throw brokenOff();
      const date = dateOfSegment(path, "summary") ?? "";
      progress.show(dates.indexOf(date) / dates.length, `reading ${date}`);
    },
  });
}

interface ParquetParts {
  readonly joined: JoinedTable;
  readonly from: string;
  readonly to: string;
  readonly progress: Progress;
}

async function writeParquet(
  request: SummaryExport,
  { joined, from, to, progress }: ParquetParts,
): Promise<void> {
  const { csvToParquet } = await import("../categories/joining/csv-to-parquet.js");
  await csvToParquet({
    from,
    to,
    columns: joined.columns,
    metadata: { "log-sidecar": JSON.stringify(describe(request, joined)) },
    onProgress(rows) {
      if (request.stop.aborted) throw brokenOff();
      progress.show(rows / joined.rows, `writing ${request.out}`);
    },
  });
}

/** What stands in a Parquet file's metadata. */
function describe({ table, since }: SummaryExport, { rows, first, last, columns }: JoinedTable) {
  return {
    table,
    rows,
    first,
    last,
    since: since ?? null,
    columns: columns.map(({ name, type }) => ({ name, type: type.name })),
    sidecar: VERSION,
  };
}

function reportText({
  file,
  rows,
  first,
  last,
  bytes,
}: { readonly file: string; readonly bytes: number } & Pick<JoinedTable, "rows" | "first" | "last">): string {
  return `${file}: ${rows} ${rows === 1 ? "row" : "rows"}, ${first} to ${last}, ${bytes} bytes\n`;
}

/** Whether it is to be Parquet. */
function mustBeTable(out: string): boolean {
  if (/\.(csv|parquet)$/.test(out)) return out.endsWith(".parquet");
  throw new SidecarError(
    "SETTINGS_INVALID",
    `--out=${out}: expected a file name that ends in .csv or .parquet`,
    { remedy: "Name the file .parquet for columns with types, .csv for the form that tables are stored in." },
  );
}
