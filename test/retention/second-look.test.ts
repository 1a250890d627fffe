import { describe, expect, it } from "vitest";
import { DEFAULT_POLICY } from "../../src/config/retention.js";
import { lookTwice, type Waiting } from "../../src/retention/second-look.js";
import { at, dataFile, logFolder, pathsIn, retentionOf } from "./files.js";

const FILES = {
  "raw/web/log_2026-06-18.jsonl": "the 18th\n",
  "raw/web/log_2026-06-19.jsonl": "the 19th\n",
  "raw/api/log_2026-06-19.jsonl": "the 19th\n",
  "raw/web/log_2026-06-20.jsonl": "the 20th\n",
};

/** What runs by schedule delete, one after the other, each knowing what the former left waiting. */
async function deletedBy(logDir: string, times: readonly { readonly nowMs: number }[]): Promise<string[][]> {
  const days: string[][] = [];
  let former: Waiting | undefined;
  for (const { nowMs } of times) {
    const report = await retentionOf(logDir).run({ nowMs, secondLook: { former } });
    former = report.waiting;
    days.push(report.done.filter(({ step }) => step === "delete").map(({ path }) => path.slice(0, 27)));
  }
  return days;
}

describe("deletions by schedule", () => {
  it("go on by themselves as each date is over", async () => {
    const logDir = logFolder(FILES);
    const days = await deletedBy(logDir, [at("2026-06-25"), at("2026-06-26"), at("2026-06-27")]);
    expect(days.map((paths) => paths.length)).toEqual([1, 2, 1]);
    expect(pathsIn(logDir)).toEqual([]);
  });

  it("wait when a clock goes 400 days ahead, and nothing is lost when it is right again", async () => {
    const logDir = logFolder(FILES);
    const clock = [
      at("2027-08-01"),
      at("2027-08-01", "20:00:00"),
      at("2026-06-20"),
      at("2026-06-20", "13:00:00"),
    ];
    expect(await deletedBy(logDir, clock)).toEqual([[], [], [], []]);
    expect(pathsIn(logDir)).toHaveLength(4);
  });

  it("are done a day later as far as they were due at the first look, of more than one date", async () => {
    const logDir = logFolder({
      ...FILES,
      "raw/web/log_2026-07-20.jsonl": "later\n",
      "raw/web/log_2026-07-21.jsonl": "",
    });
    const days = await deletedBy(logDir, [
      at("2026-07-26", "12:00:00"),
      at("2026-07-27", "11:59:00"),
      at("2026-08-10"),
    ]);
    expect(days.map((paths) => paths.length)).toEqual([0, 0, 4]);
    expect(pathsIn(logDir)).toHaveLength(2);
  });

  it("are done at once when a person asks", async () => {
    const logDir = logFolder(FILES);
    expect((await retentionOf(logDir).run(at("2027-08-01"))).waiting).toBeUndefined();
    expect(pathsIn(logDir)).toEqual([]);
  });
});

it("what is kept for its own time counts by itself, and other steps go on", () => {
  const delay = (path: string) => ({ file: dataFile(path, { bytes: 10 }), steps: ["delete"] as const });
  const compress = { file: dataFile("raw/web/log_2026-06-29.jsonl"), steps: ["compress"] as const };
  const work = [
    delay("raw/web/log_2026-06-22.jsonl"),
    delay("summary/t/t_2026-03-01.csv"),
    delay("tagged/30d/events_2026-05-01.jsonl"),
    delay("tagged/30d/events_2026-05-02.jsonl"),
    delay("tagged/60d/events_2026-04-01.jsonl"),
    compress,
  ];
  const nowMs = Date.parse("2026-06-30T08:00:00Z");
  const look = lookTwice({ work, policy: DEFAULT_POLICY, today: "2026-06-30", nowMs, former: undefined });
  expect(look.work).toEqual([work[0], work[1], work[4], compress]);
  expect(look.waiting).toEqual({
    since: "2026-06-30T08:00:00.000Z",
    today: "2026-06-30",
    files: 2,
    bytes: 20,
  });
});
