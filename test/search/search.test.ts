import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Level } from "../../src/core/level.js";
import { contextOf } from "../../src/search/context.js";
import { compileQuery } from "../../src/search/query.js";
import { type SearchRequest, search } from "../../src/search/search.js";
import { storedLine, timeAt, volumeOf } from "../reading/volumes.js";

type Options = Partial<Omit<SearchRequest, "query">> & { words?: string };

async function find(logDir: string, { words = "", ...rest }: Options = {}) {
  const entries = [];
  const request = {
    logDir,
    categories: ["raw", "tagged", "summary"] as const,
    query: compileQuery({ words }),
    limit: 1000,
    signal: new AbortController().signal,
    ...rest,
  };
  for await (const entry of search(request)) entries.push(entry);
  return entries;
}

const texts = async (logDir: string, options?: Options) =>
  (await find(logDir, options)).map(({ text }) => text);

describe("search", () => {
  it("finds in active, compressed and archived files of all categories, the newest first", async () => {
    const line = (ns: number, date: string) => storedLine({ ts: timeAt(ns, date), message: `needle ${ns}` });
    const other = storedLine({ ts: timeAt(9), message: "hay" });
    const logDir = volumeOf({
      "raw/api/log_2026-01-31.jsonl": [line(1, "2026-01-31"), other],
      "raw/api/log_2026-01-31.1.jsonl": [line(3, "2026-01-31")],
      "raw/web/log_2026-01-31.jsonl": [line(2, "2026-01-31")],
      "raw/api/log_2026-01-30.jsonl.gz": [line(4, "2026-01-30"), other, line(5, "2026-01-30")],
      "archive/raw/api/log_2026-01-29.jsonl.gz": [line(6, "2026-01-29")],
      "summary/t/t_2026-01-28.csv": [
        "ts,word",
        `${timeAt(7, "2026-01-28")},a needle`,
        `${timeAt(8, "2026-01-28")},x`,
      ],
    });
    const found = await find(logDir, { words: "needle" });
    expect(found.map(({ ts }) => ts)).toEqual([
      timeAt(3, "2026-01-31"),
      timeAt(2, "2026-01-31"),
      timeAt(1, "2026-01-31"),
      timeAt(5, "2026-01-30"),
      timeAt(4, "2026-01-30"),
      timeAt(6, "2026-01-29"),
      timeAt(7, "2026-01-28"),
    ]);
    expect(await find(logDir, { words: "needle", limit: 4 })).toEqual(found.slice(0, 4));
    const since = timeAt(5, "2026-01-30");
    expect(await find(logDir, { words: "needle", since })).toEqual(found.slice(0, 4));
    expect(await find(logDir, { words: "needle", until: since })).toEqual(found.slice(3));
    expect(await find(logDir, { words: "needle", level: "info", categories: ["summary"] })).toEqual([]);
  });

  it("shows a line that stands in raw and tagged once, as tagged has it", async () => {
    const raw = storedLine({ ts: timeAt(1), message: "failed" });
    const tagged = raw.replace("}", ',"rule":"login","tags":["auth"]}');
    const logDir = volumeOf({
      "raw/api/log_2026-01-31.jsonl": [raw],
      "tagged/90d/events_2026-01-31.jsonl": [tagged],
    });
    expect(await texts(logDir, { words: "failed" })).toEqual([tagged]);
    expect(await texts(logDir, { words: "failed", categories: ["raw"] })).toEqual([raw]);
  });

  it("leaves out a line that is being written, and takes one of any length", async () => {
    const long = storedLine({ ts: timeAt(1), message: `needle ${"x".repeat(5_000_000)}` });
    const logDir = volumeOf({ "raw/api/log_2026-01-31.jsonl": [long] });
    expect(await texts(logDir, { words: "needle" })).toEqual([long]);
    appendFileSync(join(logDir, "raw/api/log_2026-01-31.jsonl"), long.slice(0, 100));
    expect(await texts(logDir, { words: "needle" })).toEqual([long]);
  });

  it("ends when it is told to", async () => {
    const logDir = volumeOf({ "raw/api/log_2026-01-31.jsonl": [storedLine({ ts: timeAt(1) })] });
    await expect(find(logDir, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
  });

  it("finds what reading every line finds, whatever the volume and the query", async () => {
    const levels: Level[] = ["info", "error"];
    const record = fc.record({
      file: fc.constantFrom(
        "raw/api/log_2026-01-31.jsonl",
        "raw/api/log_2026-01-31.1.jsonl.gz",
        "raw/web/error_2026-01-30.jsonl",
        "archive/raw/api/log_2026-01-30.jsonl.gz",
      ),
      ns: fc.nat(50),
      level: fc.constantFrom(...levels),
      words: fc.array(fc.constantFrom("one", "Two", "three", "네", "é", "ⓐ", "on"), { maxLength: 4 }),
    });
    const query = fc.constantFrom(
      "",
      "one",
      "two -three",
      "on*",
      "네",
      "É",
      "Ⓐ",
      '"o thr"',
      "level:error",
      "level:error one",
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { maxLength: 40 }),
        query,
        fc.integer({ min: 1, max: 50 }),
        async (records, words, limit) => {
          const files: Record<string, string[]> = {};
          const all = records.map(({ file, ns, level, words }, index) => {
            const date = /\d{4}-\d\d-\d\d/.exec(file)![0];
            const text = storedLine({ ts: timeAt(ns * 100 + index, date), level, message: words.join(" ") });
            files[file] = [...(files[file] ?? []), text];
            return text;
          });
          const logDir = volumeOf(files);
          try {
            const { test } = compileQuery({ words });
            const expected = all
              .filter((text) => test({ ts: "", text, path: "raw/a/log.jsonl", at: 0, header: undefined }))
              .sort((a, b) => (a.slice(0, 37) < b.slice(0, 37) ? 1 : -1))
              .slice(0, limit);
            expect(await texts(logDir, { words, limit })).toEqual(expected);
          } finally {
            rmSync(logDir, { recursive: true });
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("contextOf", () => {
  it.each(["raw/api/log_2026-01-31.jsonl", "raw/api/log_2026-01-31.jsonl.gz"])("%s", async (path) => {
    const lines = [1, 2, 3, 4, 5].map((ns) => storedLine({ ts: timeAt(ns), message: `line ${ns}` }));
    const logDir = volumeOf({ [path]: lines });
    const around = async (words: string, count: number) => {
      const [entry] = await find(logDir, { words });
      return contextOf(logDir, entry!, count);
    };
    expect(await around('"line 3"', 1)).toEqual({ before: [lines[1]], after: [lines[3]] });
    expect(await around('"line 1"', 9)).toEqual({ before: [], after: lines.slice(1) });
    expect(await around('"line 5"', 2)).toEqual({ before: [lines[2], lines[3]], after: [] });
  });
});
