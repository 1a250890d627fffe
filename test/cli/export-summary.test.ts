import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readTable } from "../../src/categories/formats/csv.js";
import { outPath } from "../../src/cli/export-targets.js";
import { main } from "../../src/cli/program.js";
import { timeToNs } from "../../src/core/time.js";
import { timeAt, volumeOf } from "../reading/volumes.js";
import { readParquetFile } from "./read-parquet.js";

const [OLD, MIDDLE, NEW] = ["2026-01-29", "2026-01-30", "2026-01-31"] as const;
const MANY = 12_000;

/** A table as retention leaves it, whose rule gained a column, with another table beside it. */
function volume(): string {
  return volumeOf({
    [`archive/summary/trades/trades_${OLD}.csv.gz`]: [
      "ts,price,id,note",
      `${timeAt(2, OLD)},1.5,9007199254740993,"a ""b"", c`,
      `second line"`,
      `${timeAt(1, OLD)},-inf,1,`,
    ],
    [`summary/trades/trades_${MIDDLE}.csv.gz`]: [
      "ts,price,id,note",
      ...Array.from({ length: MANY }, (_, at) => `${timeAt(at, MIDDLE)},${at},${at},'=x`),
    ],
    [`summary/trades/trades_${NEW}.csv`]: ["ts,price,id,note", `${timeAt(0, NEW)},3,4,007`],
    [`summary/trades/trades_${NEW}.1.csv`]: ["ts,side,price,id,note", `${timeAt(1, NEW)},true,,5,n`],
    [`summary/other/other_${NEW}.csv`]: ["ts,x", `${timeAt(0, NEW)},1`],
  });
}

async function run(logDir: string, ...args: string[]): Promise<string> {
  let out = "";
  const output = { write: (text: string) => (out += text) };
  const surroundings = { env: {}, shippedRules: "rules", output: { out: output, err: output } };
  expect(await main(["export", "summary", ...args, "--log-dir", logDir], surroundings)).toBe(0);
  return out;
}

it("writes a table as Parquet: all its rows in the order of time, with typed columns, what is missing as null", async () => {
  const [logDir, folder] = [volume(), mkdtempSync(join(tmpdir(), "parquet-"))];
  const out = join(folder, "trades.parquet");
  const told = JSON.parse(await run(logDir, "trades", "--out", out, "--json"));
  const columns = [
    { name: "ts", type: "timestamp[ns, tz=UTC]" },
    { name: "price", type: "double" },
    { name: "id", type: "int64" },
    { name: "note", type: "string" },
    { name: "side", type: "bool" },
  ];
  expect(told).toMatchObject({ table: "trades", rows: MANY + 4, first: timeAt(1, OLD), columns });
  const { groups, metadata, types, rows } = await readParquetFile(out);
  expect(groups).toEqual([10_000, 2_004]);
  expect(Object.values(types)).toEqual(["Timestamp<NANOSECOND, UTC>", "Float64", "Int64", "Utf8", "Bool"]);
  const ns = (at: number, date: string) => timeToNs(timeAt(at, date));
  expect(rows.slice(0, 2)).toEqual([
    { ts: ns(1, OLD), price: -Infinity, id: 1n, note: null, side: null },
    { ts: ns(2, OLD), price: 1.5, id: 9007199254740993n, note: `a "b", c\nsecond line`, side: null },
  ]);
  expect(rows.slice(2, -2).every(({ price, note }, at) => price === at && note === "'=x")).toBe(true);
  expect(rows.slice(-2)).toEqual([
    { ts: ns(0, NEW), price: 3, id: 4n, note: "007", side: null },
    { ts: ns(1, NEW), price: null, id: 5n, note: "n", side: true },
  ]);
  const { file: _, bytes: __, ...known } = told;
  expect(JSON.parse(metadata.get("log-sidecar") ?? "")).toEqual(known);
  expect(readdirSync(folder)).toEqual(["trades.parquet"]);
});

it("joins a table's rows since a time below one header", async () => {
  const [logDir, folder] = [volume(), mkdtempSync(join(tmpdir(), "csv-"))];
  const out = join(folder, "trades.csv");
  const told = await run(logDir, "trades", "--out", out, "--since", `${NEW}T00:00:00Z`);
  expect(told).toContain(`${out}: 2 rows, ${timeAt(0, NEW)} to ${timeAt(1, NEW)}, `);
  expect(readFileSync(out, "utf8")).toBe(
    `ts,price,id,note,side\n${timeAt(0, NEW)},3,4,007,\n${timeAt(1, NEW)},,5,n,true\n`,
  );
  await run(logDir, "trades", "--out", out);
  const notes: (string | undefined)[] = [];
  for await (const { note } of readTable(out)) notes.push(note);
  expect(notes).toHaveLength(MANY + 4);
  expect(notes.slice(0, 3)).toEqual(["", `a "b", c\nsecond line`, "'=x"]);
});

it("says what there is instead, and leaves nothing behind", async () => {
  const [logDir, folder] = [volume(), mkdtempSync(join(tmpdir(), "csv-"))];
  const out = join(folder, "t.parquet");
  await expect(run(logDir, "none", "--out", out)).rejects.toThrow(/no table none.*other, trades/s);
  await expect(run(logDir, "trades", "--out", out, "--since", "2027-01-01T00:00:00Z")).rejects.toThrow(
    /No row is as late/,
  );
  await expect(run(logDir, "trades", "--out", out, "--split", "0.8")).rejects.toThrow(/--split/);
  await expect(run(logDir, "trades", "--out", join(folder, "t.npz"))).rejects.toThrow(/\.csv or \.parquet/);
  await expect(run(logDir, "trades", "--out", join(folder, "no/t.csv"))).rejects.toThrow(/cannot be written/);
  expect(readdirSync(folder)).toEqual([]);
});

describe("--format", () => {
  it.each([
    ["set", { format: "parquet" }, "set.parquet"],
    ["set", { out: "x", format: "npz" }, "x.npz"],
    ["set", { out: "a.b/x.npz", format: "npz" }, "a.b/x.npz"],
    ["set", { out: "set/", format: "parquet" }, "set/"],
    ["set", { out: "x.csv" }, "x.csv"],
  ])("%s %o: %s", (name, wanted, path) => {
    expect(outPath(name, wanted)).toBe(path);
  });

  it.each([
    [{}, "export needs --out or --format"],
    [{ out: "x.npz", format: "parquet" }, "--out=x.npz is no name for --format=parquet"],
    [{ out: "set/", format: "npz" }, "--out=set/ is no name for --format=npz"],
  ])("%o is refused", (wanted, said) => {
    expect(() => outPath("set", wanted)).toThrow(said);
  });
});
