import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import { z } from "zod";
import { csvHeader } from "../../categories/formats/csv.js";
import { openBelow } from "../../core/below.js";
import type { Entry } from "../../reading/entries.js";
import { readInOrder } from "../../reading/in-order.js";
import { rowOf, splitCells } from "../../reading/rows.js";
import { listSegments, type SegmentFile } from "../../reading/segments.js";
import { listDatasets, listTrainingFiles, locateTrainingFile } from "../../reading/training-files.js";
import { readManifest } from "../../search/manifests.js";
import { RequestRefused } from "../errors.js";
import { number, time } from "./query.js";
import { type AddRoutes, untilGone } from "./route.js";

const PRIVATE = { config: { access: "private" } } as const;

const rowsQuery = z.strictObject({
  since: time("since").optional(),
  until: time("until").optional(),
  /** Of more rows each so many-th is given, so that a chart of a year is no larger than one of an hour. */
  points: number(2_000, 100_000),
  format: z.enum(["json", "csv"]).default("json"),
});

/** Tables of summary with their rows, training sets with their files: to look at, and to download. */
export const addStored: AddRoutes = (server, { parts, stopping }) => {
  const { logDir } = parts.settings;
  server.get("/api/summary", PRIVATE, async () => ({ tables: await tablesIn(logDir) }));
  server.get<{ Params: { table: string } }>("/api/summary/:table", PRIVATE, async (request, reply) => {
    const { since, until, points, format } = rowsQuery.parse(request.query);
    const { table } = request.params;
    const segments = (await listSegments(logDir, "summary")).filter(({ path }) => tableOf(path) === table);
    if (segments.length === 0) throw new RequestRefused(`There is no table ${table}.`, 404);
    const signal = untilGone(reply, stopping);
    const rows = rowsBetween({ logDir, segments, since, until, signal });
    return format === "csv" ? sendTable(reply, table, rows) : { table, ...(await thinned(rows, points)) };
  });
  server.get("/api/training", PRIVATE, async () => ({ datasets: await datasetsIn(logDir) }));
  server.get<{ Params: { dataset: string; file: string } }>(
    "/api/training/:dataset/:file",
    PRIVATE,
    async (request, reply) => {
      const { dataset, file } = request.params;
      const found = (await listTrainingFiles(logDir, dataset)).find(({ path }) => path.endsWith(`/${file}`));
      const path = found && (await locateTrainingFile(logDir, found));
      if (path === undefined) throw new RequestRefused(`${dataset} has no file ${file}.`, 404);
      const handle = await openBelow(logDir, path);
      return reply
        .type("application/octet-stream")
        .header("content-disposition", `attachment; filename="${path.split("/").at(-1)}"`)
        .send(handle.createReadStream());
    },
  );
};

/** The table that a segment belongs to, by its folder. */
function tableOf(path: string): string {
  return path.split("/").at(-2) ?? "";
}

async function tablesIn(logDir: string) {
  const tables = new Map<string, { files: number; from: string; to: string }>();
  for (const { path, date } of await listSegments(logDir, "summary")) {
    const known = tables.get(tableOf(path)) ?? { files: 0, from: date, to: date };
    tables.set(tableOf(path), { ...known, files: known.files + 1, to: date });
  }
  return [...tables].map(([table, rest]) => ({ table, ...rest }));
}

interface RowsRequest {
  readonly logDir: string;
  readonly segments: readonly SegmentFile[];
  readonly since: string | undefined;
  readonly until: string | undefined;
  readonly signal: AbortSignal;
}

async function* rowsBetween({ logDir, segments, since, until, signal }: RowsRequest): AsyncGenerator<Entry> {
  for await (const row of readInOrder({ logDir, segments, wanted: {}, since })) {
    signal.throwIfAborted();
    if (until === undefined || row.ts <= until) yield row;
  }
}

/** Column by column, as charts want it; of too many rows every second is left out, again and again. */
async function thinned(rows: AsyncIterable<Entry>, points: number) {
  let kept: Entry[] = [];
  let every = 1;
  let count = 0;
  for await (const row of rows) {
    if (count % every === 0) kept.push(row);
    count += 1;
    if (kept.length <= points || points === 0) continue;
    kept = kept.filter((_, at) => at % 2 === 0);
    every *= 2;
  }
  const names = new Set<string>();
  const read = kept.map((row) => rowOf(row));
  for (const { columns } of read) for (const name of Object.keys(columns)) names.add(name);
  const columns = [...names].map((name) => [name, read.map((row) => row.columns[name] ?? "")] as const);
  return { rows: count, every, ts: read.map(({ ts }) => ts), columns: Object.fromEntries(columns) };
}

function sendTable(reply: FastifyReply, table: string, rows: AsyncIterable<Entry>) {
  return reply
    .type("text/csv; charset=utf-8")
    .header("content-disposition", `attachment; filename="${encodeURIComponent(table)}.csv"`)
    .send(Readable.from(tableText(rows), { objectMode: false }));
}

/** The rows as they are stored; where a table's columns change, its header comes again. */
async function* tableText(rows: AsyncIterable<Entry>): AsyncGenerator<string> {
  let header: string | undefined;
  for await (const row of rows) {
    if (row.header !== header) yield csvHeader(splitCells(row.header ?? ""));
    header = row.header;
    yield `${row.text}\n`;
  }
}

async function datasetsIn(logDir: string) {
  const datasets = await listDatasets(logDir);
  return Promise.all(
    datasets.map(async (dataset) => {
      const files = await listTrainingFiles(logDir, dataset);
      return {
        dataset,
        files: await Promise.all(
          files.map(async (file) => ({
            file: file.path.split("/").at(-1),
            date: file.date,
            manifest: (await readManifest(logDir, file)) ?? null,
          })),
        ),
      };
    }),
  );
}
