import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { OpenWindows } from "../../../src/categories/windows/open-windows.js";
import { readStored } from "../../../src/categories/windows/stored.js";
import type { SummaryTarget } from "../../../src/core/decision.js";
import { AGGREGATES } from "../../../src/core/windows.js";
import { runPython } from "../../programs.js";
import { requirement } from "../../requirements.js";
import { createBench, decision, field, jsonRecord, temporaryFile } from "../samples.js";

const MINUTE = 60_000;
const GRACE = 10_000;
const START = Date.parse("2026-01-31T12:00:00Z");

function target(windows: Partial<SummaryTarget["windows"]> = {}, columns = ["ms"]): SummaryTarget {
  const aggregates = ["count", "sum", "mean", "min", "max"] as const;
  return {
    category: "summary",
    table: "t",
    columns: columns.map(field),
    windows: { everyMs: MINUTE, graceMs: GRACE, by: [field("path")], aggregates, ...windows },
  };
}

type Bench = ReturnType<typeof createBench>;
const FILE = "summary/t/t_2026-01-31.csv";

function rowsOf({ sink }: Bench, path = FILE): string[] {
  return (sink.files.get(path) ?? "").split("\n").slice(1, -1);
}

function add({ writers }: Bench, seconds: number, data: object, into: SummaryTarget = target()): void {
  const ts = `${new Date(START + seconds * 1000).toISOString().slice(0, 23)}000000Z`;
  writers.write(jsonRecord(JSON.stringify(data), { ts }), decision(into));
}

/** What is whole when nothing has come for long. */
function lateOn({ context }: Bench): OpenWindows {
  context.windows.writeDue(START + 1000 * MINUTE);
  context.windows.writeDue(START + 1000 * MINUTE + GRACE);
  return context.windows;
}

/** Another run that goes on from the last commit. */
function restarted({ context }: Bench, options: Parameters<typeof createBench>[0] = {}): Bench {
  return createBench({ ...options, restored: JSON.parse(context.windows.snapshot()) });
}

describe("open windows", () => {
  it("become a row for each window and group", () => {
    const bench = createBench();
    const into = target();
    add(bench, 1, { path: "/a", ms: 5 }, into);
    add(bench, 2, { path: "/b", ms: 1.5 }, into);
    add(bench, 59.999, { path: "/a", ms: "7" }, into);
    add(bench, 60, { path: "/a", ms: "slow" }, into);
    expect(bench.sink.files.size).toBe(0);
    lateOn(bench);
    expect(bench.sink.files.get(FILE)).toBe(
      "window_start,window_end,path,count,ms_count,ms_sum,ms_mean,ms_min,ms_max,late\n" +
        "2026-01-31T12:00:00.000000000Z,2026-01-31T12:01:00.000000000Z,/a,2,2,12,6,5,7,0\n" +
        "2026-01-31T12:00:00.000000000Z,2026-01-31T12:01:00.000000000Z,/b,1,1,1.5,1.5,1.5,1.5,0\n" +
        "2026-01-31T12:01:00.000000000Z,2026-01-31T12:02:00.000000000Z,/a,1,0,0,,,,0\n",
    );
  });

  it("count records alone where no columns are named, in one group without `by`", () => {
    const bench = createBench();
    for (let n = 0; n < 3; n++) add(bench, n, {}, target({ by: [] }, []));
    lateOn(bench);
    expect(bench.sink.files.get(FILE)).toMatch(/^window_start,window_end,count,late\n.*Z,.*Z,3,0\n$/);
  });

  it("tell long ids apart, alone and inside of other values", () => {
    const bench = createBench();
    for (const path of ["9007199254740992", "9007199254740993", '"9007199254740993"', "[9007199254740993]"])
      bench.writers.write(jsonRecord(`{"path":${path}}`), decision(target({}, [])));
    lateOn(bench);
    expect(rowsOf(bench).map((row) => row.split(",").slice(2, 4).join())).toEqual([
      "9007199254740992,1",
      "9007199254740993,2",
      "[9007199254740993],1",
    ]);
  });

  it("are whole when they are over and nothing has come for the grace", () => {
    const bench = createBench();
    const { windows } = bench.context;
    add(bench, 1, { ms: 1 });
    const written = (seconds: number) => windows.writeDue(START + seconds * 1000);
    expect([written(59), written(69.9), written(70)]).toEqual([0, 0, 1]);
    // Lines of the past, as a container brings them that was not read for a while.
    add(bench, -600, { ms: 1 });
    expect(written(100)).toBe(0);
    add(bench, -590, { ms: 1 });
    expect([written(105), written(114.9), written(115)]).toEqual([0, 0, 1]);
    expect(rowsOf(bench).map((row) => row.slice(-1))).toEqual(["0", "0"]);
  });

  it("make further rows, marked late, for what comes after they were written", () => {
    let bench = createBench();
    add(bench, 1, { path: "/a", ms: 1 });
    lateOn(bench);
    bench = restarted(bench);
    add(bench, 2, { path: "/a", ms: 10 });
    add(bench, 3, { path: "/new", ms: 100 });
    add(bench, 63, { path: "/a", ms: 1000 });
    lateOn(bench);
    expect(rowsOf(bench).map((row) => row.split(",").slice(2))).toEqual([
      ["/a", "1", "1", "10", "10", "10", "10", "1"],
      ["/new", "1", "1", "100", "100", "100", "100", "1"],
      ["/a", "1", "1", "1000", "1000", "1000", "1000", "0"],
    ]);
  });

  it("go into the file of the date on which they begin, in the calendar's zone", () => {
    const bench = createBench({ zone: "Asia/Kolkata" });
    add(bench, 6 * 3600, { ms: 1 }, target({ everyMs: 60 * MINUTE }));
    add(bench, 7 * 3600, { ms: 1 }, target({ everyMs: 60 * MINUTE }));
    lateOn(bench);
    expect(bench.sink.paths()).toEqual([FILE, "summary/t/t_2026-02-01.csv"]);
    const day = createBench({ zone: "Asia/Kolkata" });
    add(day, 7 * 3600, { ms: 1 }, target({ everyMs: 1440 * MINUTE }));
    day.context.windows.writeAll();
    expect(rowsOf(day, "summary/t/t_2026-02-01.csv")[0]).toMatch(/^2026-01-31T18:30:00.0+Z,2026-02-01T18:30/);
  });

  it("tell groups apart as their cells do", () => {
    const bench = createBench();
    const into = target({ by: [field("a"), field("b")] });
    const long = "é".repeat(300);
    const groups = [
      ["x,y", ""],
      ["x", "y"],
      [1, true],
      ["1", "true"],
      [null, []],
      [undefined, [1]],
      ["=1", '"'],
      [long, "\ud800"],
    ];
    for (const [a, b] of groups) add(bench, 1, { a, b }, into);
    add(bench, 1, { a: `${long}more`, b: "\ufffd" }, into);
    lateOn(bench);
    const cells = rowsOf(bench).map((row) => row.split("Z,")[2]);
    expect(cells).toEqual([
      '"x,y",,1,0,0,,,,0',
      "x,y,1,0,0,,,,0",
      "1,true,2,0,0,,,,0",
      ",[],1,0,0,,,,0",
      ",[1],1,0,0,,,,0",
      `'=1,"""",1,0,0,,,,0`,
      `${long.slice(0, 200)},\ufffd,2,0,0,,,,0`,
    ]);
  });

  it("go on when the rules were read again or have other fields under the same names", () => {
    const bench = createBench();
    add(bench, 1, { path: "/a", ms: 1 });
    const renamed = { ...target(), columns: [{ ...field("millis"), name: "ms" }] };
    add(bench, 2, { path: "/a", millis: 2 }, renamed);
    add(restarted(bench), 2, { path: "/a", ms: 2 });
    lateOn(bench);
    expect(rowsOf(bench)[0]).toMatch(/,\/a,2,2,3,/);
  });

  it("are written as they are when no rule has their table or columns any more", () => {
    let bench = createBench();
    add(bench, 1, { path: "/a", ms: 1 });
    add(bench, 1, { path: "/a", ms: 1 }, { ...target(), table: "gone" });
    bench = restarted(bench);
    add(bench, 2, { path: "/a", ms: 1 }, target({ by: [] }));
    lateOn(bench);
    expect(rowsOf(bench, "summary/gone/gone_2026-01-31.csv")).toHaveLength(1);
    // The store begins another file where the header differs; here both stand in one.
    expect(rowsOf(bench).map((row) => row.split("Z,")[2])).toEqual(["/a,1,1,1,1,1,1,0", "1,1,1,1,1,1,0"]);
  });

  it("are no more than the limit: the one least recently added to gets its row", () => {
    const bench = createBench({ maxGroups: 2 });
    for (const path of ["/a", "/b", "/a", "/c", "/b"]) add(bench, 1, { path, ms: 1 });
    const paths = () => rowsOf(bench).map((row) => row.replace(/.*Z,|(,\d)(?=,).*(?=,\d$)/g, ""));
    expect(paths()).toEqual(["/b,0", "/a,0"]);
    expect(bench.context.windows.size).toBe(2);
    expect(bench.context.telemetry.counters.get("groups_closed_early_total", "t")).toBe(2);
    lateOn(bench);
    expect(paths()).toEqual(["/b,0", "/a,0", "/c,1", "/b,1"]);
    // Another limit at the next start.
    for (const path of ["/x", "/y"]) add(bench, 70, { path, ms: 1 });
    const next = restarted(bench, { maxGroups: 1 });
    add(next, 71, { path: "/z" });
    expect(next.context.windows.size).toBe(1);
  });

  it("refuses to begin without windows that were read and stand nowhere else", () => {
    expect(() => createBench({ restored: { tables: [{ shape: {} }] } })).toThrow(/CHECKPOINT_BROKEN/);
    expect(createBench({ restored: undefined }).context.windows.snapshot()).toBe('{"tables":[]}');
  });

  it("remembers tables that no rule has, but not without end", () => {
    const bench = createBench();
    for (let n = 0; n < 150; n++) add(bench, 1, { ms: 1 }, { ...target(), table: `t${n}` });
    lateOn(bench);
    add(bench, 2, { ms: 1 }, { ...target(), table: "t0" });
    const tables = readStored(JSON.parse(restarted(bench).context.windows.snapshot()));
    expect(tables).toHaveLength(101);
    expect(tables[0]).toMatchObject({ shape: { table: "t0" }, windows: [expect.anything()] });
  });
});

interface Step {
  readonly do: "add" | "look" | "restart" | "reload";
  readonly second: number;
  readonly path: string;
  readonly value: number;
}

const steps = fc.array(
  fc.record<Step>({
    do: fc.constantFrom("add", "add", "add", "add", "add", "look", "restart", "reload"),
    second: fc.integer({ min: 0, max: 400 }),
    path: fc.constantFrom("/a", "/b", "/c", "/d"),
    value: fc.integer({ min: -1000, max: 1000 }),
  }),
  { maxLength: 120 },
);

it("rows of a window and group add up to its records, whatever comes when", () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 6 }), (todo, maxGroups) => {
      let bench = createBench({ maxGroups });
      let into = target();
      const rows: string[] = [];
      const expected = new Map<string, number[]>();
      let nowMs = START;
      for (const step of todo) {
        nowMs += 4000;
        if (step.do === "look") bench.context.windows.writeDue(nowMs);
        else if (step.do === "reload") into = target();
        else if (step.do === "restart") {
          // What stands in the files at a commit and what is open belong together.
          rows.push(...rowsOf(bench));
          bench = restarted(bench, { maxGroups });
        } else {
          add(bench, step.second, { path: step.path, ms: step.value }, into);
          const key = `${Math.floor(step.second / 60)} ${step.path}`;
          expected.set(key, [...(expected.get(key) ?? []), step.value]);
        }
        expect(bench.context.windows.size).toBeLessThanOrEqual(maxGroups);
      }
      bench.context.windows.writeAll();
      rows.push(...rowsOf(bench));
      expect(bench.context.windows.size).toBe(0);

      const sums = new Map<string, [count: number, sum: number, min: number, max: number]>();
      const begun = new Set<string>();
      for (const row of rows) {
        const [start = "", , path = "", count, , sum, , min, max, late] = row.split(",");
        const minute = (Date.parse(start) - START) / MINUTE;
        // A row that is not late has none of its window and group before it.
        if (late === "0") expect(begun.has(`${minute} ${path}`)).toBe(false);
        begun.add(`${minute} ${path}`);
        const before = sums.get(`${minute} ${path}`) ?? [0, 0, Infinity, -Infinity];
        sums.set(`${minute} ${path}`, [
          before[0] + Number(count),
          before[1] + Number(sum),
          Math.min(before[2], Number(min)),
          Math.max(before[3], Number(max)),
        ]);
      }
      expect(new Map([...sums].sort())).toEqual(
        new Map(
          [...expected]
            .sort()
            .map(([key, values]) => [
              key,
              [values.length, values.reduce((a, b) => a + b, 0), Math.min(...values), Math.max(...values)],
            ]),
        ),
      );
    }),
  );
});

it("a commit makes new text only of what was added to", () => {
  const bench = createBench();
  for (let n = 0; n < 50; n++) add(bench, 1, { path: `/${n}`, ms: n });
  const before = bench.context.windows.snapshot();
  add(bench, 2, { path: "/7", ms: 1 });
  const after = bench.context.windows.snapshot();
  expect(after).not.toBe(before);
  expect(bench.context.windows.snapshot()).toBe(after);
  expect(restarted(bench).context.windows.snapshot()).toBe(after);
});

describe.skipIf(requirement("python").missing)("rows of windows in pandas", () => {
  it("are a table with times and numbers, equal to pandas' own over the lines", () => {
    const bench = createBench();
    const into = target({ aggregates: AGGREGATES });
    const lines: object[] = [];
    for (let n = 0; n < 3000; n++) {
      const ms = Math.round(Math.exp((n * 7919) % 13) * 1000) / 1000 - 50;
      const path = n % 3 === 0 ? null : `/p,"${n % 3}"`;
      lines.push({ second: n % 180, path, ms });
      add(bench, n % 180, { path, ms }, into);
    }
    lateOn(bench);
    const script = `
import json, pandas, sys
rows = pandas.read_csv(sys.argv[1], parse_dates=["window_start", "window_end"])
rows = rows.fillna({"path": ""}).set_index(["window_start", "path"]).sort_index()
lines = pandas.DataFrame(json.load(sys.stdin)).fillna({"path": ""})
lines["window_start"] = pandas.Timestamp("2026-01-31T12:00Z") + pandas.to_timedelta(lines.second // 60, unit="min")
groups = lines.groupby(["window_start", "path"]).ms
exact = pandas.DataFrame({name: getattr(groups, name)() for name in ["count", "sum", "mean", "min", "max"]})
for share in (50, 95, 99): exact[f"p{share}"] = groups.quantile(share / 100, interpolation="lower")
worst = {name: float(((rows["ms_" + name] - exact[name]).abs() / exact[name].abs()).max()) for name in exact}
print(json.dumps([[str(t) for t in rows.index.dtypes], len(rows), bool((rows["count"] == exact["count"]).all()), int(rows.late.sum()), worst]))`;
    const csv = temporaryFile("t.csv", bench.sink.files.get(FILE) ?? "");
    const [types, count, counted, late, worst] = runPython(script, [csv], JSON.stringify(lines)) as [
      string[],
      number,
      boolean,
      number,
      Record<string, number>,
    ];
    expect([types, count, counted, late]).toEqual([["datetime64[ns, UTC]", "object"], 9, true, 0]);
    for (const name of ["count", "sum", "mean", "min", "max"]) expect(worst[name]).toBeLessThan(1e-14);
    for (const name of ["p50", "p95", "p99"]) expect(worst[name]).toBeLessThan(0.0100001);
  });
});
