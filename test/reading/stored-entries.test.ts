import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Level } from "../../src/core/record.js";
import { type Entry, EntryCutter } from "../../src/reading/entries.js";
import { readInOrder } from "../../src/reading/in-order.js";
import { readNewest } from "../../src/reading/newest.js";
import { rowOf, splitCells } from "../../src/reading/rows.js";
import { listSegments } from "../../src/reading/segments.js";
import { storedLine, timeAt, volumeOf } from "./volumes.js";

const DATES = ["2026-01-29", "2026-01-30", "2026-01-31"];
const LEVELS: readonly Level[] = ["debug", "info", "error"];

interface Printed {
  readonly date: string;
  readonly component: string;
  readonly level: Level;
  readonly part: number;
  readonly length: number;
}

const printed: fc.Arbitrary<Printed> = fc.record({
  date: fc.constantFrom(...DATES),
  component: fc.constantFrom("api", "web", "über/weit"),
  level: fc.constantFrom(...LEVELS),
  part: fc.constantFrom(0, 1, 2, 10),
  length: fc.oneof(
    { weight: 60, arbitrary: fc.nat(50) },
    { weight: 1, arbitrary: fc.constantFrom(131_072, 300_000) },
  ),
});

/** Files as they would be after all were written; `forms` says what retention made of each. */
function filesOf(all: readonly Printed[], forms: readonly number[]) {
  const parts = new Map<string, string[]>();
  // Times rise with the parts, and are a little out of order within one.
  const order = all.map((one, index) => ({ ...one, at: one.part * 10_000 + (index ^ 3) }));
  for (const { date, component, level, part, length, at } of order) {
    const stem = level === "error" ? "error" : "log";
    const folder = component === "über/weit" ? "_other" : component;
    const path = `raw/${folder}/${stem}_${date}${part === 0 ? "" : `.${part}`}.jsonl`;
    const line = storedLine({ ts: timeAt(at, date), level, component, message: "ä".repeat(length) });
    parts.set(path, [...(parts.get(path) ?? []), line]);
  }
  const form = ["", ".gz", "archive", "archive.gz"];
  return Object.fromEntries(
    [...parts].map(([path, lines], index) => {
      const [folder, packed] = form[(forms[index % forms.length] ?? 0) % 4]!.split(".");
      return [`${folder === "" ? "" : "archive/"}${path}${packed === undefined ? "" : ".gz"}`, lines];
    }),
  );
}

function sorted(files: Readonly<Record<string, readonly string[]>>): string[] {
  return Object.values(files)
    .flat()
    .sort((a, b) => (a.slice(0, 40) < b.slice(0, 40) ? -1 : 1));
}

async function collect(entries: AsyncIterable<Entry>): Promise<string[]> {
  const texts: string[] = [];
  for await (const { text } of entries) texts.push(text);
  return texts;
}

describe("stored records", () => {
  it("come newest first to hand and in the order of time, whatever files they are in", async () => {
    const forms = fc.array(fc.nat(3), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(printed, { maxLength: 40 }),
        forms,
        fc.integer({ min: 1, max: 50 }),
        async (all, shapes, count) => {
          const files = filesOf(all, shapes);
          const logDir = volumeOf(files);
          const segments = await listSegments(logDir, "raw");
          const wanted = {};
          const newest = await readNewest({ logDir, segments, wanted, count });
          expect(newest.map(({ text }) => text)).toEqual(sorted(files).slice(-count));
          expect(await collect(readInOrder({ logDir, segments, wanted, since: undefined }))).toEqual(
            sorted(files),
          );
          const since = timeAt(10_000, DATES[1]);
          const late = sorted(files).filter((line) => line.slice(7, 37) >= since);
          expect(await collect(readInOrder({ logDir, segments, wanted, since }))).toEqual(late);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("are looked for from the end of a large file, and not in all of it", async () => {
    const count = 60_000;
    const lines = Array.from({ length: count }, (_, index) =>
      storedLine({ ts: timeAt(index), message: "x".repeat(20) }),
    );
    // What lies far in front of the end is not reached: a newer time there is not seen.
    lines[10] = storedLine({ ts: timeAt(10 * count), message: "out of place" });
    const path = "raw/api/log_2026-01-31.jsonl";
    const logDir = volumeOf({ [path]: lines, "raw/api/log_2026-01-30.jsonl": ["must not be read"] });
    const segments = await listSegments(logDir, "raw");
    const dates: string[] = [];
    const onDate = (date: string) => dates.push(date);
    const newest = await readNewest({ logDir, segments, wanted: {}, count: 2, onDate });
    expect(newest.map(({ text }) => text)).toEqual(lines.slice(-2));
    expect(dates).toEqual(["2026-01-31"]);
    const late = await collect(readInOrder({ logDir, segments, wanted: {}, since: timeAt(count - 3) }));
    expect(late).toEqual(lines.slice(-3));
  });

  it("can be asked for by component and level", async () => {
    const line = (at: number, level: Level, component: string) =>
      storedLine({ ts: timeAt(at), level, component });
    const logDir = volumeOf({
      "raw/api/log_2026-01-31.jsonl": [line(1, "debug", "api"), line(2, "warning", "api"), "{}", ""],
      "raw/api/error_2026-01-31.jsonl": [line(3, "critical", "api")],
      "raw/_other/log_2026-01-31.jsonl": [line(4, "warning", 'a "quoted" one'), line(5, "warning", "api")],
    });
    const segments = await listSegments(logDir, "raw");
    const ask = async (wanted: { level?: Level; component?: string }) =>
      (await readNewest({ logDir, segments, wanted, count: 9 })).map(({ ts }) => ts);
    expect(await ask({ component: "api", level: "warning" })).toEqual([timeAt(2), timeAt(3), timeAt(5)]);
    expect(await ask({ component: 'a "quoted" one' })).toEqual([timeAt(4)]);
    expect(await ask({ level: "error" })).toEqual([timeAt(3)]);
  });

  it("are listed once and by the numbers of their parts, wherever the log folder is named from", async () => {
    const logDir = volumeOf({
      "raw/api/log_2026-01-31.10.jsonl": [],
      "raw/api/log_2026-01-31.2.jsonl": [],
      "raw/api/log_2026-01-31.jsonl": [],
      "archive/raw/api/log_2026-01-31.2.jsonl.gz": [],
      "archive/raw/api/log_2026-01-30.jsonl": [],
      "raw/api/notes.txt": [],
    });
    const names = ["archive/raw/api/log_2026-01-30.jsonl", "raw/api/log_2026-01-31.jsonl"];
    names.push("raw/api/log_2026-01-31.2.jsonl", "raw/api/log_2026-01-31.10.jsonl");
    for (const named of [logDir, `${logDir}/`, `${logDir}/../${logDir.split("/").at(-1)}`])
      expect((await listSegments(named, "raw")).map(({ path }) => path)).toEqual(names);
  });
});

describe("rows", () => {
  it("come in the order of time from files that were filled side by side", async () => {
    // More than is looked ahead: 50,000 entries.
    const rows = Array.from({ length: 60_000 }, (_, at) => `${timeAt(at * 2)},1`);
    const beside = ["0", "119999"].map((at) => `${timeAt(Number(at) + 1)},2`);
    const logDir = volumeOf({
      "summary/t/t_2026-01-31.csv": ["ts,a", ...rows],
      "summary/t/t_2026-01-31.1.csv.gz": ["ts,b", ...beside],
      "summary/t/t_2026-01-31.2.csv": ["ts,a", `${timeAt(120_001)},1`],
    });
    const segments = await listSegments(logDir, "summary");
    const texts = await collect(readInOrder({ logDir, segments, wanted: {}, since: undefined }));
    expect(texts).toHaveLength(60_003);
    expect(texts).toEqual(texts.toSorted());
  });

  it("of very many lines are read as fast as others", () => {
    const cutter = new EntryCutter({ path: "summary/t/t_2026-01-31.csv", date: "2026-01-31" }, {});
    cutter.take("ts,text");
    const begunMs = performance.now();
    const lines = [`${timeAt(1)},"`, ...Array<string>(300_000).fill(""), '"'];
    const entries = lines.flatMap((line) => cutter.take(line) ?? []);
    expect(entries.map(({ text }) => text.length)).toEqual([lines.join("\n").length]);
    // Putting them together line by line took minutes.
    expect(performance.now() - begunMs).toBeLessThan(10_000);
  });

  it("have the names of their columns, and may have several lines", async () => {
    const path = "summary/fills/fills_2026-01-31.csv";
    const header = 'ts,price,"a ""b"", c"';
    const rows = [`${timeAt(1)},1.5,"two\nlines, and ""quotes"""`, `${timeAt(2)},,`, `${timeAt(3)},2,"half`];
    const logDir = volumeOf({ [path]: [header, ...rows] });
    const segments = await listSegments(logDir, "summary");
    const newest = await readNewest({ logDir, segments, wanted: {}, count: 9 });
    expect(newest.map(rowOf)).toEqual([
      {
        ts: timeAt(1),
        table: "fills",
        columns: { price: "1.5", 'a "b", c': 'two\nlines, and "quotes"' },
      },
      { ts: timeAt(2), table: "fills", columns: { price: "", 'a "b", c': "" } },
    ]);
  });

  it.each([
    ["", [""]],
    ["a", ["a"]],
    ["a,", ["a", ""]],
    ['"",b', ["", "b"]],
    ['"a,""b""",c', ['a,"b"', "c"]],
  ])("%j has the cells %j", (row, cells) => {
    expect(splitCells(row)).toEqual(cells);
  });
});
