import { type Entry, timeOfRecord } from "../reading/entries.js";
import { contextOf } from "../search/context.js";
import { compileQuery, type QueryText } from "../search/query.js";
import { type SearchRequest, search } from "../search/search.js";
import { CSV_HEADER, csvOf } from "../search/table.js";
import { BatchedOutput } from "./batched-output.js";
import type { Console } from "./console.js";
import { type EntryStyle, entryWriter, jsonOf } from "./entry-writer.js";
import { isTerminal, Progress } from "./progress.js";
import { mustExist } from "./tail.js";
import { escaped, visible } from "./visible.js";

export interface SearchOptions extends QueryText, EntryStyle, Omit<SearchRequest, "query" | "onDate"> {
  readonly csv: boolean;
  /** So many lines on both sides of a record. */
  readonly context: number;
}

/** `log-sidecar search`: what is stored and holds what was asked for, the newest first. Only reads. Returns 0. */
export async function searchCommand(options: SearchOptions, { out, err }: Console): Promise<0> {
  const { limit, logDir, signal } = options;
  await mustExist(logDir);
  const output = new BatchedOutput(out);
  const write = writerOf(options, out, output);
  const progress = new Progress(err);
  const onDate = (date: string, share: number) => share > 0 && progress.show(share, date);
  let shown = 0;
  try {
    for await (const entry of search({ ...options, query: compileQuery(options), onDate })) {
      if (shown === 0) progress.clear();
      await write(entry);
      shown += 1;
      if (output.gone) break;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    progress.clear();
    await output.flush();
  }
  if (isTerminal(out)) err.write(summaryOf(shown, limit));
  return 0;
}

function summaryOf(shown: number, limit: number): string {
  if (shown === 0) return "nothing found\n";
  return shown < limit ? `${shown} found\n` : `the newest ${shown}; --limit shows more\n`;
}

function writerOf(
  options: SearchOptions,
  out: Console["out"],
  output: BatchedOutput,
): (entry: Entry) => Promise<unknown> | undefined {
  const { csv, json, context, logDir } = options;
  if (csv) {
    void output.write(CSV_HEADER);
    return (entry) => output.write(isTerminal(out) ? visible(csvOf(entry)) : csvOf(entry));
  }
  const plain = entryWriter(options, out, output);
  if (context === 0) return plain;
  if (json || !isTerminal(out)) {
    return async (entry) => {
      const { before, after } = await contextOf(logDir, entry, context);
      const line = `{"before":[${before}],"record":${jsonOf(entry)},"after":[${after}]}`;
      await output.write(`${isTerminal(out) ? escaped(line) : line}\n`);
    };
  }
  return async (entry) => {
    const { before, after } = await contextOf(logDir, entry, context);
    for (const text of before) await plain(near(entry, text));
    await output.write("▶ ");
    await plain(entry);
    for (const text of after) await plain(near(entry, text));
    await output.write("──\n");
  };
}

function near(entry: Entry, text: string): Entry {
  return { ...entry, text, ts: timeOfRecord(text) ?? entry.ts };
}
