import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_POLICY } from "../../src/config/retention.js";
import { Calendar } from "../../src/core/calendar.js";
import { type DataFile, daysBetween } from "../../src/retention/data-file.js";
import { countOpenDue, planRetention } from "../../src/retention/plan.js";
import { dayFrom } from "../../src/retention/sacrifice.js";
import { dataFile } from "./files.js";

const TODAY = "2026-06-30";
const NOTHING_OPEN: ReadonlySet<string> = new Set();

function stepsOf(file: DataFile, today = TODAY): string {
  const [work] = planRetention({ files: [file], policy: DEFAULT_POLICY, today, openPaths: NOTHING_OPEN });
  return work?.steps.join(" ") ?? "";
}

/** What a plain file that nobody ever touched is due for, by its age in days. */
const DUE: readonly (readonly [path: (date: string) => string, ages: Readonly<Record<number, string>>])[] = [
  [
    (date) => `raw/web/log_${date}.jsonl`,
    {
      0: "",
      1: "compress",
      2: "compress",
      3: "compress archive",
      6: "compress archive",
      7: "delete",
      4000: "delete",
    },
  ],
  [(date) => `raw/web/error_${date}.3.jsonl`, { 0: "", 1: "compress", 7: "delete" }],
  [
    (date) => `summary/fills/fills_${date}.csv`,
    { 6: "", 7: "compress", 29: "compress", 30: "compress archive", 89: "compress archive", 90: "delete" },
  ],
  [
    (date) => `training/quotes/quotes_${date}_1.pkl`,
    {
      29: "",
      30: "compress",
      89: "compress",
      90: "compress archive",
      365: "compress archive",
      9000: "compress archive",
    },
  ],
  [
    (date) => `training/quotes/quotes_${date}_1.npz`,
    { 30: "", 90: "archive", 365: "archive", 9000: "archive" },
  ],
  [
    (date) => `tagged/permanent/events_${date}.jsonl`,
    { 89: "", 90: "compress", 365: "compress archive", 1825: "compress archive", 9000: "compress archive" },
  ],
  [(date) => `tagged/30d/events_${date}.jsonl`, { 29: "", 30: "delete", 31: "delete" }],
  [
    (date) => `tagged/730d/events_${date}.jsonl`,
    { 89: "", 90: "compress", 365: "compress archive", 729: "compress archive", 730: "delete" },
  ],
  // Not a duration: kept, because nothing says that it may go.
  [(date) => `tagged/audit/events_${date}.jsonl`, { 90: "compress", 9000: "compress archive" }],
];

describe("the policy of version 1.0", () => {
  for (const [path, ages] of DUE) {
    it.each(Object.entries(ages))(`${path("<date>")} after %s days: %s`, (age, steps) => {
      expect(stepsOf(dataFile(path(dayFrom(TODAY, -Number(age)))))).toBe(steps);
    });
  }

  it("does to each file only what was not done yet", () => {
    expect(stepsOf(dataFile("raw/web/log_2026-06-26.jsonl.gz"))).toBe("archive");
    expect(stepsOf(dataFile("archive/raw/web/log_2026-06-26.jsonl"))).toBe("compress");
    expect(stepsOf(dataFile("archive/raw/web/log_2026-06-26.jsonl.gz"))).toBe("");
    expect(stepsOf(dataFile("archive/raw/web/log_2026-06-23.jsonl.gz"))).toBe("delete");
  });

  it("leaves files of the future alone", () => {
    expect(stepsOf(dataFile("raw/web/log_2099-01-01.jsonl"))).toBe("");
  });
});

it("never touches what is open, however old", () => {
  const files = [dataFile("raw/web/log_2020-01-01.jsonl")];
  const openPaths = new Set(["raw/web/log_2020-01-01.jsonl"]);
  const request = { files, policy: DEFAULT_POLICY, today: TODAY, openPaths };
  expect(planRetention(request)).toEqual([]);
  expect(countOpenDue(request)).toBe(1);
  expect(countOpenDue({ ...request, today: "2020-01-01" })).toBe(0);
});

it("deletes first, then moves, then compresses, each oldest first", () => {
  const paths = [
    "raw/web/log_2026-06-29.jsonl",
    "raw/web/log_2026-06-26.jsonl.gz",
    "raw/web/log_2026-06-22.jsonl",
    "raw/web/log_2026-06-28.jsonl",
    "raw/web/log_2026-06-21.jsonl",
  ];
  const plan = planRetention({
    files: paths.map((path) => dataFile(path)),
    policy: DEFAULT_POLICY,
    today: TODAY,
    openPaths: NOTHING_OPEN,
  });
  expect(plan.map(({ file, steps }) => `${file.date} ${steps}`)).toEqual([
    "2026-06-21 delete",
    "2026-06-22 delete",
    "2026-06-26 archive",
    "2026-06-28 compress",
    "2026-06-29 compress",
  ]);
});

it("goes by a policy of one's own", () => {
  const policy = { ...DEFAULT_POLICY, raw: { compress: undefined, archive: 2, delete: undefined } };
  const files = ["2026-06-29", "2026-06-28", "2020-01-01"].map((date) =>
    dataFile(`raw/web/log_${date}.jsonl`),
  );
  const plan = planRetention({ files, policy, today: TODAY, openPaths: NOTHING_OPEN });
  expect(plan.map(({ file, steps }) => `${file.date} ${steps}`)).toEqual([
    "2020-01-01 archive",
    "2026-06-28 archive",
  ]);
});

describe("ages", () => {
  it.each([
    // Clocks go forward on 29 March 2026 and back on 25 October in Berlin: those days have 23 and 25 hours.
    ["Europe/Berlin", "2026-03-29T21:59:59Z", "2026-03-28", 1],
    ["Europe/Berlin", "2026-03-29T22:00:00Z", "2026-03-28", 2],
    ["Europe/Berlin", "2026-10-25T22:59:59Z", "2026-10-24", 1],
    ["Europe/Berlin", "2026-10-25T23:00:00Z", "2026-10-24", 2],
    ["UTC", "2026-03-01T00:00:00Z", "2026-02-28", 1],
    ["UTC", "2024-03-01T00:00:00Z", "2024-02-28", 2],
    // Samoa had no 30 December 2011.
    ["Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-29", 2],
    ["Pacific/Kiritimati", "2026-01-01T10:00:00Z", "2026-01-01", 1],
    ["America/Los_Angeles", "2026-01-02T07:59:59Z", "2026-01-01", 0],
  ])("in %s at %s a segment of %s is %i days old", (zone, now, date, age) => {
    const today = new Calendar(zone).dateOf(now);
    expect(daysBetween(date, today)).toBe(age);
  });

  it("are whole days over many years", () => {
    const days = Array.from({ length: 20_000 }, (_, index) => index);
    expect(
      days.filter(
        (day) => daysBetween(dayFrom("2000-01-01", day), dayFrom("2000-01-01", 20_000)) !== 20_000 - day,
      ),
    ).toEqual([]);
  });
});

describe("whatever is on the volume", () => {
  const date = fc.integer({ min: -3000, max: 3 }).map((days) => dayFrom(TODAY, days));
  const place = fc.constantFrom<(date: string) => string>(
    (day) => `raw/web/log_${day}.jsonl`,
    (day) => `raw/api/error_${day}.2.jsonl`,
    (day) => `summary/fills/fills_${day}.csv`,
    (day) => `training/q/q_${day}_4.pkl`,
    (day) => `training/q/q_${day}_5.npz`,
    (day) => `tagged/permanent/events_${day}.jsonl`,
    (day) => `tagged/audit/events_${day}.jsonl`,
    (day) => `tagged/14d/events_${day}.jsonl`,
  );
  const file = fc
    .tuple(place, date, fc.boolean(), fc.boolean())
    .map(
      ([path, day, archived, zipped]) =>
        `${archived ? "archive/" : ""}${path(day)}${zipped && !path(day).endsWith(".npz") ? ".gz" : ""}`,
    )
    .map((path) => dataFile(path));
  const age = fc.option(fc.integer({ min: 1, max: 400 }), { nil: undefined });
  const ages = fc.record({ compress: age, archive: age, delete: age });
  const policy = fc.record({
    raw: ages,
    summary: ages,
    training: ages,
    tagged: fc.record({ compress: age, archive: age }),
  });

  it("no step is for an open segment, deletes what is permanent, or comes twice", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(file, { selector: ({ path }) => path }),
        policy,
        fc.infiniteStream(fc.boolean()),
        (files, rules, coins) => {
          const openPaths = new Set(files.filter(() => coins.next().value === true).map(({ path }) => path));
          const plan = planRetention({ files, policy: rules, today: TODAY, openPaths });
          expect(new Set(plan.map((work) => work.file.path)).size).toBe(plan.length);
          for (const { file: planned, steps } of plan) {
            expect(openPaths.has(planned.path)).toBe(false);
            if (steps.includes("delete")) {
              expect(planned.path).not.toMatch(/^(archive\/)?tagged\/(permanent|audit)\//);
              expect(steps).toEqual(["delete"]);
            }
            if (planned.compressed) expect(steps).not.toContain("compress");
            if (planned.archived) expect(steps).not.toContain("archive");
            expect(planned.date <= TODAY).toBe(true);
          }
        },
      ),
    );
  });
});
