import { randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { gzipPacker, packWith } from "../../src/retention/packing/gzip-file.js";
import type { Packer } from "../../src/retention/packing/packer.js";
import { UNFINISHED_FOLDER } from "../../src/retention/places.js";
import { at, logFolder, pathsIn, put, recordsIn, retentionOf, textOf, withoutRoot } from "./files.js";

const TODAY = at("2026-06-30");

function lines(name: string, count = 200): string {
  return Array.from({ length: count }, (_, index) => `${name} ${index}\n`).join("");
}

describe("a run", () => {
  it("compresses, archives and deletes by age, and no record is lost that the policy keeps", async () => {
    const kept = {
      "raw/web/log_2026-06-30.jsonl": lines("today"),
      "raw/web/log_2026-06-29.jsonl": lines("yesterday"),
      "raw/web/log_2026-06-27.1.jsonl": lines("three"),
      "raw/web/error_2026-06-26.jsonl.gz": gzipSync(lines("four")),
      "summary/fills/fills_2026-06-20.csv": `ts,n\n${lines("row")}`,
      "tagged/permanent/events_2020-01-01.jsonl": lines("permanent"),
      "tagged/60d/events_2026-06-01.jsonl": lines("sixty"),
    };
    const logDir = logFolder({
      ...kept,
      "raw/web/log_2026-06-23.jsonl": lines("old"),
      "tagged/20d/events_2026-06-01.jsonl": lines("twenty"),
    });
    const before = recordsIn(logDir);
    const report = await retentionOf(logDir).run(TODAY);
    expect(report.failures).toEqual([]);
    expect(pathsIn(logDir)).toEqual([
      "archive/raw/web/error_2026-06-26.jsonl.gz",
      "archive/raw/web/log_2026-06-27.1.jsonl.gz",
      "archive/tagged/permanent/events_2020-01-01.jsonl.gz",
      "raw/web/log_2026-06-29.jsonl.gz",
      "raw/web/log_2026-06-30.jsonl",
      "summary/fills/fills_2026-06-20.csv.gz",
      "tagged/60d/events_2026-06-01.jsonl",
    ]);
    const deleted = lines("old") + lines("twenty");
    expect([...recordsIn(logDir), ...deleted.trim().split("\n")].sort()).toEqual(before);
    const counts = report.done.map(({ step }) => step).sort();
    expect(counts).toEqual([...Array(3).fill("archive"), ...Array(4).fill("compress"), "delete", "delete"]);
  });

  it("finds nothing to do when it is called again", async () => {
    const logDir = logFolder({
      "raw/web/log_2026-06-26.jsonl": lines("a"),
      "raw/web/log_2026-06-29.jsonl": lines("b"),
    });
    const retention = retentionOf(logDir);
    await retention.run(TODAY);
    const paths = pathsIn(logDir);
    const again = await retention.run(TODAY);
    expect([again.planned, again.done, pathsIn(logDir)]).toEqual([[], [], paths]);
  });

  it("carries out a plan that was carried out before without doing anything", async () => {
    const logDir = logFolder({
      "raw/web/log_2026-06-26.jsonl": lines("a"),
      "raw/web/log_2026-06-20.jsonl": lines("b"),
    });
    const { planned } = await retentionOf(logDir).run({ ...TODAY, dryRun: true });
    const { applyWork } = await import("../../src/retention/apply.js");
    await applyWork(planned, { logDir, packer: gzipPacker });
    const paths = pathsIn(logDir);
    expect(await applyWork(planned, { logDir, packer: gzipPacker })).toEqual({
      done: [],
      failures: [],
      aborted: false,
    });
    expect(pathsIn(logDir)).toEqual(paths);
  });

  it("keeps time and mode of what it compresses", async () => {
    const logDir = logFolder({ "raw/web/log_2026-06-29.jsonl": lines("a") });
    chmodSync(join(logDir, "raw/web/log_2026-06-29.jsonl"), 0o604);
    await retentionOf(logDir).run(TODAY);
    const { mtime, mode } = statSync(join(logDir, "raw/web/log_2026-06-29.jsonl.gz"));
    expect([mtime.toISOString(), mode & 0o777]).toEqual(["2026-01-01T00:00:00.000Z", 0o604]);
  });

  it("moves what describes a training file with it, and deletes both", async () => {
    const logDir = logFolder({
      "training/q/q_2026-01-01_1.pkl": "samples",
      "training/q/q_2026-01-01_1.json": "{}",
      "training/q/q_2026-06-30_1.npz": "not old",
      "training/q/q_2026-06-30_1.json": "{}",
    });
    await retentionOf(logDir).run(TODAY);
    expect(pathsIn(logDir)).toEqual([
      "archive/training/q/q_2026-01-01_1.json",
      "archive/training/q/q_2026-01-01_1.pkl.gz",
      "training/q/q_2026-06-30_1.json",
      "training/q/q_2026-06-30_1.npz",
    ]);
    const policy = { raw: {}, summary: {}, training: { delete: 30 }, tagged: {} } as never;
    const report = await retentionOf(logDir, { policy }).run(TODAY);
    expect(report.leftAlone).toEqual([]);
    expect(pathsIn(logDir)).toEqual(["training/q/q_2026-06-30_1.json", "training/q/q_2026-06-30_1.npz"]);
  });

  it("plans and touches nothing in a dry run, not even the index", async () => {
    const logDir = logFolder({ "raw/web/log_2026-06-20.jsonl": lines("a") });
    const { planned, done } = await retentionOf(logDir).run({ ...TODAY, dryRun: true });
    expect([planned.map(({ steps }) => steps), done]).toEqual([[["delete"]], []]);
    expect([pathsIn(logDir), existsSync(join(logDir, ".sidecar"))]).toEqual([
      ["raw/web/log_2026-06-20.jsonl"],
      false,
    ]);
  });

  it("ends when it is told to, and leaves plain what it is compressing", async () => {
    const logDir = logFolder({
      "raw/web/log_2026-06-26.jsonl": lines("a"),
      "raw/web/log_2026-06-27.jsonl": lines("b"),
      "raw/web/log_2026-06-28.jsonl": lines("c"),
    });
    const stop = new AbortController();
    const begun: string[] = [];
    const packer: Packer = {
      width: 1,
      pack: async (job) => {
        if (begun.push(job.source) === 2) stop.abort();
        return gzipPacker.pack(job);
      },
    };
    const { aborted, failures } = await retentionOf(logDir, { packer }).run({
      ...TODAY,
      signal: stop.signal,
    });
    expect({ aborted, failures, begun: begun.length }).toEqual({ aborted: true, failures: [], begun: 2 });
    expect(pathsIn(logDir).filter((path) => path.endsWith(".gz"))).toHaveLength(1);
    expect(pathsIn(logDir)).toHaveLength(3);
    expect(readdirSync(join(logDir, UNFINISHED_FOLDER))).toEqual([]);
  });
});

describe("what is not the sidecar's", () => {
  it("is told, never followed and never touched", async () => {
    const elsewhere = logFolder({
      "raw/web/log_2020-01-01.jsonl": "precious\n",
      "log_2020-01-01.jsonl": "precious\n",
    });
    const logDir = logFolder({
      "raw/web/notes_2020-01-01.jsonl": "mine",
      "raw/web/log_2020-13-01.jsonl": "no date",
      "raw/web/log_2020-01-01.jsonl.bak": "mine",
      "raw/web/log_2020-01-01\n.jsonl": "newline",
      "raw/web/deep/log_2020-01-01.jsonl": "deeper",
      "raw/log_2020-01-01.jsonl": "no component",
      "summary/fills/other_2020-01-01.csv": "not of this table",
      "readme.txt": "not in a category",
      "raw/web/log_2020-01-01.jsonl": "ours",
    });
    symlinkSync(join(elsewhere, "raw/web"), join(logDir, "raw/linked"));
    symlinkSync(join(elsewhere, "log_2020-01-01.jsonl"), join(logDir, "raw/web/log_2020-01-02.jsonl"));
    mkdirSync(join(logDir, "raw/web/log_2020-01-03.jsonl"));
    mkdirSync(Buffer.concat([Buffer.from(`${logDir}/raw/w`), Buffer.from([0xff])]));
    writeFileSync(
      Buffer.concat([Buffer.from(`${logDir}/raw/web/log_\xff`, "latin1"), Buffer.from("_2020-01-01.jsonl")]),
      "bad name",
    );
    const before = pathsIn(logDir).filter((path) => path !== "raw/web/log_2020-01-01.jsonl");
    const report = await retentionOf(logDir).run(TODAY);
    expect(pathsIn(logDir)).toEqual(before);
    expect(pathsIn(elsewhere)).toHaveLength(2);
    expect(report.leftAlone.map(({ path, why }) => `${path}: ${why}`).sort()).toEqual([
      "raw/linked: a link",
      "raw/log_2020-01-01.jsonl: not called as the sidecar calls folders",
      "raw/web/deep: a folder where files belong",
      "raw/web/log_2020-01-01\n.jsonl: not called as the sidecar calls files",
      "raw/web/log_2020-01-01.jsonl.bak: not called as the sidecar calls files",
      "raw/web/log_2020-01-02.jsonl: a link",
      "raw/web/log_2020-01-03.jsonl: a folder where files belong",
      "raw/web/log_2020-13-01.jsonl: not called as the sidecar calls files",
      "raw/web/log_\ufffd_2020-01-01.jsonl: not called as the sidecar calls files",
      "raw/web/notes_2020-01-01.jsonl: not called as the sidecar calls files",
      "raw/w\ufffd: not called as the sidecar calls folders",
      "summary/fills/other_2020-01-01.csv: not called as the sidecar calls files",
    ]);
    // From the index too.
    expect((await retentionOf(logDir).run(TODAY)).leftAlone).toHaveLength(12);
  });

  it("may be a linked archive: nothing is moved through it", async () => {
    const elsewhere = logFolder();
    const logDir = logFolder({ "raw/web/log_2026-06-26.jsonl.gz": gzipSync("a\n") });
    symlinkSync(elsewhere, join(logDir, "archive"));
    const report = await retentionOf(logDir).run(TODAY);
    expect(report.failures).toMatchObject([
      { step: "archive", why: "archive is no folder, and links are not followed" },
    ]);
    expect([pathsIn(elsewhere), report.leftAlone]).toEqual([[], [{ path: "archive", why: "no folder" }]]);
  });

  it("may be a folder that cannot be read", async () => {
    const logDir = logFolder({ "raw/web/log_2020-01-01.jsonl": "a", "raw/api/log_2020-01-01.jsonl": "b" });
    for (const folder of ["", "raw", "raw/api"]) chmodSync(join(logDir, folder), 0o755);
    chmodSync(join(logDir, "raw/web"), 0);
    const report = await withoutRoot(logDir, () => retentionOf(logDir).run({ ...TODAY, dryRun: true }));
    chmodSync(join(logDir, "raw/web"), 0o750);
    expect(report.planned.map(({ file }) => file.path)).toEqual(["raw/api/log_2020-01-01.jsonl"]);
    expect(report.leftAlone).toMatchObject([{ path: "raw/web", why: expect.stringContaining("EACCES") }]);
  });
});

describe("a name that is taken", () => {
  it("in the archive keeps the file where it is", async () => {
    const logDir = logFolder({
      "raw/web/log_2026-06-26.jsonl.gz": gzipSync("new\n"),
      "archive/raw/web/log_2026-06-26.jsonl.gz": gzipSync("old\n"),
    });
    const { failures } = await retentionOf(logDir).run(TODAY);
    expect(failures).toMatchObject([
      { step: "archive", why: "archive/raw/web/log_2026-06-26.jsonl.gz is there already" },
    ]);
    expect(recordsIn(logDir)).toEqual(["new", "old"]);
  });

  it("by the file's compressed successor is tidied up when both are the same", async () => {
    const text = lines("a", 50_000);
    const logDir = logFolder({
      "raw/web/log_2026-06-29.jsonl": text,
      "raw/web/log_2026-06-29.jsonl.gz": gzipSync(text),
    });
    await retentionOf(logDir).run(TODAY);
    expect(pathsIn(logDir)).toEqual(["raw/web/log_2026-06-29.jsonl.gz"]);
  });

  it.each([
    ["shorter", "one\n"],
    ["longer", "one\ntwo\nthree\n"],
    ["other", "one\nTWO\n"],
  ])("by a compressed file that holds something %s keeps both", async (_what, other) => {
    const logDir = logFolder({
      "raw/web/log_2026-06-29.jsonl": "one\ntwo\n",
      "raw/web/log_2026-06-29.jsonl.gz": gzipSync(other),
    });
    const { failures } = await retentionOf(logDir).run(TODAY);
    expect(failures).toMatchObject([
      { step: "tidy", why: "raw/web/log_2026-06-29.jsonl.gz holds something else" },
    ]);
    expect(pathsIn(logDir)).toHaveLength(2);
  });

  it("by a broken compressed file keeps both", async () => {
    const logDir = logFolder({
      "raw/web/log_2026-06-29.jsonl": lines("a"),
      "raw/web/log_2026-06-29.jsonl.gz": gzipSync(lines("a")).subarray(0, 100),
    });
    const { failures } = await retentionOf(logDir).run(TODAY);
    expect(failures).toMatchObject([{ step: "tidy" }]);
    expect(pathsIn(logDir)).toHaveLength(2);
  });

  it("by a broken compressed file keeps both where they are, however old they are", async () => {
    const logDir = logFolder({
      "tagged/permanent/events_2020-01-01.jsonl": lines("a"),
      "tagged/permanent/events_2020-01-01.jsonl.gz": "",
    });
    await retentionOf(logDir).run(TODAY);
    expect(pathsIn(logDir)).toHaveLength(2);
    rmSync(join(logDir, "tagged/permanent/events_2020-01-01.jsonl.gz"));
    expect(await retentionOf(logDir).run(TODAY)).toMatchObject({ failures: [] });
    expect(pathsIn(logDir)).toEqual(["archive/tagged/permanent/events_2020-01-01.jsonl.gz"]);
  });

  it("by a compressed file that may not be read keeps both", async () => {
    const logDir = logFolder({
      "raw/web/log_2026-06-29.jsonl": lines("a"),
      "raw/web/log_2026-06-29.jsonl.gz": gzipSync(lines("a")),
    });
    for (const folder of ["", "raw", "raw/web"]) chmodSync(join(logDir, folder), 0o755);
    chmodSync(join(logDir, "raw/web/log_2026-06-29.jsonl.gz"), 0);
    const { failures } = await withoutRoot(logDir, () => retentionOf(logDir).run(TODAY));
    expect(failures).toMatchObject([{ step: "tidy", why: expect.stringContaining("EACCES") }]);
    expect(pathsIn(logDir)).toHaveLength(2);
  });

  it("by something else is compared and closed", async () => {
    const logDir = logFolder({
      "raw/web/log_2026-06-29.jsonl": lines("a"),
      "raw/web/log_2026-06-29.jsonl.gz": gzipSync(randomBytes(1_000_000)),
    });
    await retentionOf(logDir).run(TODAY);
    const openFiles = () =>
      readdirSync("/proc/self/fd").flatMap((fd) => {
        const target = `/proc/self/fd/${fd}`;
        return existsSync(target) ? [readlinkSync(target)] : [];
      });
    await expect.poll(openFiles).not.toContainEqual(expect.stringContaining(logDir));
  });
});

describe("compressing", () => {
  it("is refused when somebody writes to the file meanwhile", async () => {
    const logDir = logFolder({ "raw/web/log_2026-06-29.jsonl": lines("a") });
    const path = join(logDir, "raw/web/log_2026-06-29.jsonl");
    const packer: Packer = {
      ...gzipPacker,
      pack: (job) => packWith(job, async () => writeFileSync(path, "more\n", { flag: "a" })),
    };
    const { failures } = await retentionOf(logDir, { packer }).run(TODAY);
    expect(failures).toMatchObject([
      { step: "compress", why: "somebody wrote to the file meanwhile", noRoom: false },
    ]);
    expect(pathsIn(logDir)).toEqual(["raw/web/log_2026-06-29.jsonl"]);
    expect(readFileSync(path, "utf8")).toBe(`${lines("a")}more\n`);
  });

  it("of one file that fails does not keep the others from it", async () => {
    const logDir = logFolder({
      "raw/web/log_2026-06-28.jsonl": lines("a"),
      "raw/web/log_2026-06-29.jsonl": lines("b"),
    });
    const packer: Packer = {
      ...gzipPacker,
      pack: async (job) => {
        if (job.source.includes("06-28")) throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
        return gzipPacker.pack(job);
      },
    };
    const { failures } = await retentionOf(logDir, { packer }).run(TODAY);
    expect(failures).toMatchObject([{ path: "raw/web/log_2026-06-28.jsonl", noRoom: true }]);
    expect(pathsIn(logDir)).toEqual(["raw/web/log_2026-06-28.jsonl", "raw/web/log_2026-06-29.jsonl.gz"]);
  });

  it("takes files of no bytes and of many pieces", async () => {
    const large = lines("x".repeat(100), 20_000);
    const logDir = logFolder({ "raw/web/log_2026-06-29.jsonl": "", "raw/web/log_2026-06-29.1.jsonl": large });
    await retentionOf(logDir).run(TODAY);
    expect(pathsIn(logDir)).toEqual(["raw/web/log_2026-06-29.1.jsonl.gz", "raw/web/log_2026-06-29.jsonl.gz"]);
    expect(textOf(logDir, "raw/web/log_2026-06-29.jsonl.gz")).toBe("");
    expect(textOf(logDir, "raw/web/log_2026-06-29.1.jsonl.gz")).toBe(large);
  });
});

it("removes what a killed run left unfinished", async () => {
  const logDir = logFolder({
    "raw/web/log_2026-06-29.jsonl": lines("a"),
    ".sidecar/retention/tmp/0": "half",
  });
  await retentionOf(logDir).run(TODAY);
  expect(existsSync(join(logDir, ".sidecar/retention/tmp/0"))).toBe(false);
});

it("keeps a second name of the same file", async () => {
  const logDir = logFolder({ "raw/web/log_2026-06-29.jsonl": lines("a") });
  linkSync(join(logDir, "raw/web/log_2026-06-29.jsonl"), join(logDir, "mine"));
  await retentionOf(logDir).run(TODAY);
  expect(readFileSync(join(logDir, "mine"), "utf8")).toBe(lines("a"));
});

it("runs one at a time", async () => {
  const logDir = logFolder({ "raw/web/log_2026-06-29.jsonl": lines("a") });
  const retention = retentionOf(logDir);
  const first = retention.run(TODAY);
  await expect(retention.run(TODAY)).rejects.toMatchObject({ code: "RETENTION_RUNNING" });
  await first;
  put(logDir, { "raw/web/log_2026-06-28.jsonl": lines("b") });
  expect((await retention.run(TODAY)).done).toHaveLength(1);
});
