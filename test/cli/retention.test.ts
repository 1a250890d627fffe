import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { cleanup } from "../../src/cli/cleanup.js";
import { main } from "../../src/cli/program.js";
import { retention } from "../../src/cli/retention.js";
import { storage } from "../../src/cli/storage.js";
import { OwnUpkeep } from "../../src/upkeep/own-upkeep.js";
import { at, logFolder, pathsIn, retentionOf } from "../retention/files.js";

const TODAY = at("2026-06-30");
const FILES = {
  "raw/web/log_2026-06-30.jsonl": "today\n".repeat(1000),
  "raw/web/log_2026-06-29.jsonl": "yesterday\n".repeat(1000),
  "raw/web/log_2026-06-20.jsonl": "old\n".repeat(1000),
  "summary/fills/fills_2026-01-01.csv": "older\n".repeat(1000),
  "raw/web/no\u001b[31mtes": "mine",
};

function listener() {
  const said = { out: "", err: "" };
  const output = {
    out: { write: (text: string) => (said.out += text) },
    err: { write: (text: string) => (said.err += text) },
  };
  return { said, output };
}

function upkeepOf(...args: Parameters<typeof retentionOf>): OwnUpkeep {
  return new OwnUpkeep({
    retention: retentionOf(...args),
    readStatus: () => Promise.reject(new Error("no status")),
  });
}

describe("retention", () => {
  it("says file by file what it would do, and does nothing", async () => {
    const logDir = logFolder(FILES);
    const { said, output } = listener();
    expect(await retention(upkeepOf(logDir), { ...TODAY, dryRun: true, json: false }, output)).toBe(0);
    expect(said.out).toBe(
      [
        "delete               6.0 kB  summary/fills/fills_2026-01-01.csv",
        "delete               4.0 kB  raw/web/log_2026-06-20.jsonl",
        "compress            10.0 kB  raw/web/log_2026-06-29.jsonl",
        "",
        "2026-06-30: would be done",
        "         compressed           deleted",
        "raw               1  10.0 kB        1  4.0 kB",
        "summary                             1  6.0 kB",
        "",
      ].join("\n"),
    );
    // Names of others may hold anything.
    expect(said.err).toBe(
      'left alone, as not the sidecar\'s: "raw/web/no\\u001b[31mtes" (not called as the sidecar calls files)\n',
    );
    expect(pathsIn(logDir)).toHaveLength(5);
  });

  it("does it, and then finds nothing to do", async () => {
    const logDir = logFolder(FILES);
    const { said, output } = listener();
    expect(await retention(upkeepOf(logDir), { ...TODAY, dryRun: false, json: false }, output)).toBe(0);
    expect(said.out).toMatch(/^2026-06-30: done\n.*\nfreed \d+\.\d kB\n$/s);
    said.out = "";
    await retention(upkeepOf(logDir), { ...TODAY, dryRun: false, json: false }, output);
    expect(said.out).toBe("2026-06-30: nothing to do\n");
  });

  it("gives all of it as JSON", async () => {
    const { said, output } = listener();
    await retention(upkeepOf(logFolder(FILES)), { ...TODAY, dryRun: true, json: true }, output);
    expect(JSON.parse(said.out)).toMatchObject({
      dryRun: true,
      today: "2026-06-30",
      planned: [
        { steps: ["delete"] },
        { steps: ["delete"] },
        { path: "raw/web/log_2026-06-29.jsonl", steps: ["compress"] },
      ],
      done: [],
      failures: [],
    });
  });

  it("ends with 1 and says why when a file cannot be treated", async () => {
    const logDir = logFolder({
      "raw/web/log_2026-06-26.jsonl.gz": "new",
      "archive/raw/web/log_2026-06-26.jsonl.gz": "old",
    });
    const { said, output } = listener();
    expect(await retention(upkeepOf(logDir), { ...TODAY, dryRun: false, json: false }, output)).toBe(1);
    expect(said.err).toBe(
      "could not archive raw/web/log_2026-06-26.jsonl.gz: archive/raw/web/log_2026-06-26.jsonl.gz is there already\n",
    );
  });
});

describe("cleanup", () => {
  const disk = (usedPercent: number) => ({
    readSpace: async () => ({ sizeBytes: 1e6, freeBytes: 1e6 - usedPercent * 1e4 }),
  });

  it("says that there is nothing to free", async () => {
    const { said, output } = listener();
    const upkeep = upkeepOf(logFolder(FILES), disk(50));
    expect(
      await cleanup(upkeep, { ...TODAY, dryRun: false, include: [], targetPercent: 80, json: false }, output),
    ).toBe(0);
    expect(said.out).toBe("50.0 % of 1.0 MB in use, target 80 %: nothing to free\n");
  });

  it("ends with 1 and says what stands in the way", async () => {
    const { said, output } = listener();
    const upkeep = upkeepOf(logFolder({ "raw/web/log_2026-06-30.jsonl.gz": "x".repeat(50_000) }), disk(90));
    expect(
      await cleanup(upkeep, { ...TODAY, dryRun: false, include: [], targetPercent: 80, json: false }, output),
    ).toBe(1);
    expect(said.out).toBe(
      [
        "90.0 % of 1.0 MB in use, target 80 %: 100.0 kB to free",
        "freed 0 B",
        "100.0 kB too few. In the way:",
        "  850.0 kB outside the log folder fill this disk",
        "  the floor of 1 day (SIDECAR_FLOOR) keeps 50.0 kB (raw)",
        "",
      ].join("\n"),
    );
  });
});

it("storage shows sizes, growth and what comes next", async () => {
  const { said, output } = listener();
  expect(await storage(upkeepOf(logFolder(FILES)), { json: false }, output.out)).toBe(0);
  expect(said.out).toContain(
    "disk    90.0 GB of 100.0 GB free (10.0 % in use)\nlogs    26.0 kB in 4 files, 0 B of it in open segments\n",
  );
  expect(said.out).toMatch(/^raw +3 +20.0 kB +0 B +0 B +2026-06-20 +2026-06-30 /m);
});

it("storage says so where growth is not known yet", async () => {
  const { said, output } = listener();
  await storage(upkeepOf(logFolder()), { json: false }, output.out);
  expect(said.out).toContain("growth  not known: nothing was written on a full day of the last week\n");
  expect(said.out).toContain("next    nothing to compress, archive or delete today\n");
});

describe("the command line", () => {
  async function run(...args: string[]): Promise<{ code: number; out: string }> {
    const { said, output } = listener();
    const code = await main(args, { env: {}, shippedRules: "rules", output });
    return { code, out: said.out };
  }

  it.each([
    [["retention", "--now", "yesterday"], "--now=yesterday: expected a time"],
    [["retention", "--now", "2026-02-31"], "--now=2026-02-31: expected a time"],
    [["cleanup", "--target", "much"], "--target=much: expected a percentage"],
    [["storage", "--log-dir", "/nowhere/at/all"], "there is no log folder /nowhere/at/all"],
    [["storage", "--log-dir", "/dev/null"], "there is no log folder /dev/null"],
  ])("refuses %j", async (args, said) => {
    const logDir = mkdtempSync(join(tmpdir(), "retention-"));
    const more = args.includes("--log-dir") ? [] : ["--log-dir", logDir];
    await expect(run(...args, ...more)).rejects.toThrow(said);
  });

  it("takes --now as the day from which ages count, and the policy from the settings", async () => {
    const logDir = logFolder(FILES);
    const policy =
      "{raw: {compress: never, archive: never, delete: 1y}, summary: {delete: never, compress: never, archive: never}}";
    const args = ["retention", "--dry-run", "--json", "--log-dir", logDir, "--retention", policy];
    const planned = async (now: string) => JSON.parse((await run(...args, "--now", now)).out).planned.length;
    expect([await planned("2027-06-19"), await planned("2027-06-20"), await planned("2027-06-30")]).toEqual([
      0, 1, 3,
    ]);
  });

  it.each(["America/New_York", "UTC", "Asia/Tokyo"])("takes --now as a date of %s", async (zone) => {
    const args = ["retention", "--dry-run", "--json", "--time-zone", zone, "--log-dir", logFolder(FILES)];
    const today = async (now: string) => JSON.parse((await run(...args, "--now", now)).out).today;
    expect(await today("2026-03-08")).toBe("2026-03-08");
    expect(await today("2026-11-01")).toBe("2026-11-01");
  });

  it("ends without a word when its reader has had enough", async () => {
    const main = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
    const child = spawn(process.execPath, [main, "retention", "--help"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.destroy();
    let said = "";
    child.stderr.on("data", (piece: Buffer) => {
      said += String(piece);
    });
    const [code] = await once(child, "close");
    expect({ code, said }).toEqual({ code: 0, said: "" });
  });

  it("knows which categories may be included in a cleanup", async () => {
    expect((await run("cleanup", "--include", "raw")).code).toBe(78);
  });
});
