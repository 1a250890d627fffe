import { Readable } from "node:stream";
import { SidecarError } from "../../core/errors.js";
import type { Entry } from "../../reading/entries.js";
import { rowOf } from "../../reading/rows.js";
import { contextOf } from "../../search/context.js";
import { Histograms } from "../../search/histogram.js";
import { compileQuery } from "../../search/query.js";
import { queryHistogram } from "../../search/query-histogram.js";
import { search } from "../../search/search.js";
import { CSV_HEADER, csvOf } from "../../search/table.js";
import { errorAnswer } from "../errors.js";
import { histogramQuery, searchQuery } from "./query.js";
import { type AddRoutes, untilGone } from "./route.js";

const PRIVATE = { config: { access: "private" } } as const;
const TYPES = {
  entries: "application/x-ndjson",
  jsonl: "application/x-ndjson",
  csv: "text/csv; charset=utf-8",
} as const;

/** `/api/search`: what is found, line by line as it is found, the newest first. `/api/histogram`: records over time. */
export const addSearch: AddRoutes = (server, { parts, stopping }) => {
  const { logDir } = parts.settings;
  const histograms = new Histograms(logDir);
  server.get("/api/search", PRIVATE, async (request, reply) => {
    const { q, category, context, format, ...rest } = searchQuery.parse(request.query);
    const query = compileQuery({ words: q, where: rest.where });
    const signal = untilGone(reply, stopping);
    const entries = search({ ...rest, logDir, categories: category, query, signal });
    const lines = linesOf(entries, format, (entry) => contextOf(logDir, entry, context));
    reply.type(TYPES[format]).header("x-accel-buffering", "no");
    if (format !== "entries") reply.header("content-disposition", `attachment; filename="search.${format}"`);
    return reply.send(Readable.from(lines, { objectMode: false }));
  });
  server.get("/api/histogram", PRIVATE, async (request, reply) => {
    const { q, where, category, level, component, since, until, by, buckets } = histogramQuery.parse(
      request.query,
    );
    const now = Date.now();
    const columns = {
      by,
      since: since ?? new Date(now - DAY_MS).toISOString(),
      until: until ?? new Date(now).toISOString(),
      buckets: Math.max(1, buckets),
      signal: untilGone(reply, stopping),
    };
    // All records are counted by what is known of the segments; those of a search have to be looked for.
    const isAll =
      [where, category, level, component].every((asked) => asked === undefined) && q.trim() === "";
    if (isAll) return histograms.read(columns);
    const query = compileQuery({ words: q, where });
    const categories = category ?? COUNTED;
    return queryHistogram({ ...columns, logDir, categories, level, component, query });
  });
};

const DAY_MS = 86_400_000;
const COUNTED = ["raw", "tagged"] as const;

type Format = keyof typeof TYPES;

/** What fails behind the first line can't change the status any more: it is told in the last one. */
async function* linesOf(
  entries: AsyncIterable<Entry>,
  format: Format,
  around: (entry: Entry) => ReturnType<typeof contextOf>,
): AsyncGenerator<string> {
  try {
    if (format === "csv") yield CSV_HEADER;
    for await (const entry of entries) {
      if (format === "csv") yield csvOf(entry);
      else if (format === "jsonl") yield `${jsonOf(entry)}\n`;
      else yield placed(entry, await around(entry));
    }
  } catch (error) {
    if (!(error instanceof SidecarError) || format !== "entries") throw error;
    yield `${JSON.stringify({ error: errorAnswer(error) })}\n`;
  }
}

function jsonOf(entry: Entry): string {
  return entry.header === undefined ? entry.text : JSON.stringify(rowOf(entry));
}

/** An entry with its place: what a link to it holds. The record's JSON stays as it is stored. */
export function placed(
  entry: Entry,
  { before, after }: Awaited<ReturnType<typeof contextOf>> = NONE,
): string {
  const place = `"path":${JSON.stringify(entry.path)},"at":${entry.at}`;
  const near = before.length + after.length === 0 ? "" : `,"before":[${before}],"after":[${after}]`;
  return `{${place},"${entry.header === undefined ? "record" : "row"}":${jsonOf(entry)}${near}}\n`;
}

const NONE = { before: [], after: [] };
