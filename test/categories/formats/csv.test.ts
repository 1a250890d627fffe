import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { parseString } from "fast-csv";
import { describe, expect, it } from "vitest";
import { csvCell, csvHeader, readTable } from "../../../src/categories/formats/csv.js";
import { runPython } from "../../programs.js";
import { requirement } from "../../requirements.js";
import { temporaryFile } from "../samples.js";

const anyText = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({
    unit: fc.constantFrom('"', ",", "\n", "\r", "=", "-", "'", ";", "\t", "1", "é", "😀", " ", "|"),
  }),
);

async function rowsOf(path: string): Promise<Readonly<Record<string, string>>[]> {
  const rows: Readonly<Record<string, string>>[] = [];
  for await (const row of readTable(path)) rows.push(row);
  return rows;
}

/** What a reader finds in a cell of text: defused when it must be. */
function expectedText(text: string): string {
  return /^[=+\-@\t\r\n＝＋－＠]/.test(text) && Number.isNaN(Number(text.trim() === text ? text : "x"))
    ? `'${text}`
    : text;
}

describe("csvCell", () => {
  it.each([
    ["plain", "plain"],
    ["a,b", '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ["two\nlines", '"two\nlines"'],
    [0.15, "0.15"],
    [-0.5, "-0.5"],
    [1e21, "1e+21"],
    [Number.POSITIVE_INFINITY, "inf"],
    [Number.NEGATIVE_INFINITY, "-inf"],
    [Number.NaN, ""],
    [true, "true"],
    [false, "false"],
    [undefined, ""],
    [null, ""],
    ["", ""],
    [[1, "a"], '"[1,""a""]"'],
    [{ a: { b: 1 } }, '"{""a"":{""b"":1}}"'],
    ["nul\0byte", "nul\ufffdbyte"],
  ])("writes %j as %s", (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });

  it.each([
    ["=1+1", "'=1+1"],
    ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
    ["+49 30 123", "'+49 30 123"],
    ["-2+3", "'-2+3"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\t=1", "'\t=1"],
    ["\r=1", `"'\r=1"`],
    ["＝1", "'＝1"],
    ["-", "'-"],
  ])("defuses %j", (text, cell) => {
    expect(csvCell(text)).toBe(cell);
  });

  it.each(["-5", "+5", "-0.5", "-.5", "-1e-7", "a=1", "1-2"])(
    "leaves the text %s, which is no formula",
    (text) => {
      expect(csvCell(text)).toBe(text);
    },
  );

  it("writes long integers with all their digits", () => {
    expect(csvCell(12345678901234567890n)).toBe("12345678901234567890");
  });

  it("writes an object as deep as a line is long", () => {
    const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    expect(csvCell(JSON.parse(deep))).toHaveLength(400_000);
  });

  it("is read back by fast-csv, whatever the text", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyText, { minLength: 2, maxLength: 5 }), async (cells) => {
        const rows: string[][] = [];
        const row = `x,${cells.map(csvCell).join(",")}\n`;
        await new Promise<void>((resolve, reject) => {
          parseString<string[], string[]>(row)
            .on("data", (read: string[]) => rows.push(read))
            .on("error", reject)
            .on("end", () => resolve());
        });
        expect(rows).toEqual([["x", ...cells.map(expectedText)]]);
      }),
    );
  });
});

describe("readTable", () => {
  const text = `${csvHeader(["ts", "a,b", "=c"])}t1,1,"x\ny"\nt2,,"say ""hi"""\n`;
  const rows = [
    { ts: "t1", "a,b": "1", "'=c": "x\ny" },
    { ts: "t2", "a,b": "", "'=c": 'say "hi"' },
  ];

  it("gives rows by the header's names", async () => {
    expect(await rowsOf(temporaryFile("t.csv", text))).toEqual(rows);
  });

  it("reads compressed tables too", async () => {
    expect(await rowsOf(temporaryFile("t.csv.gz", gzipSync(text)))).toEqual(rows);
  });

  it("says which row is torn", async () => {
    await expect(rowsOf(temporaryFile("t.csv", "ts,a\nt1,1\nt2\n"))).rejects.toThrow(/t\.csv: row 2/);
  });

  it("says that the file is missing", async () => {
    await expect(rowsOf("/nowhere/t.csv")).rejects.toThrow(/ENOENT.*\/nowhere\/t\.csv/);
  });
});

describe.skipIf(requirement("python").missing)("other programs", () => {
  it("pandas and Python's csv read what was written", () => {
    const cells = fc.sample(anyText, 400).filter((text) => !text.includes("\0"));
    const path = temporaryFile(
      "t.csv",
      `${csvHeader(["ts", "text", "n"])}${cells.map((text, n) => `t,${csvCell(text)},${n}\n`).join("")}`,
    );
    const script = `
import csv, json, sys, pandas
table = pandas.read_csv(sys.argv[1], dtype={"text": str}, keep_default_na=False)
rows = list(csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8")))
print(json.dumps([list(table.columns), str(table.n.dtype), table.text.tolist(), [r["text"] for r in rows]]))`;
    const texts = cells.map(expectedText);
    expect(runPython(script, [path])).toEqual([["ts", "text", "n"], "int64", texts, texts]);
  });
});
