import { appendFileSync, mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Category } from "../../src/core/record.js";
import { nsToTime, timeToNs } from "../../src/core/time.js";
import type { Wanted } from "../../src/reading/entries.js";
import { Follower } from "../../src/reading/follower.js";
import { readNewest } from "../../src/reading/newest.js";
import { rowOf } from "../../src/reading/rows.js";
import { listSegments } from "../../src/reading/segments.js";
import { storedLine, timeAt, volumeOf, writeLines } from "./volumes.js";

const API = "raw/api/log_2026-01-31.jsonl";
const line = (at: number, message = "m") => storedLine({ ts: timeAt(at), message });

async function follow(logDir: string, category: Category = "raw", wanted: Wanted = {}) {
  const listed = await listSegments(logDir, category);
  const follower = await Follower.begin({ logDir, category, wanted, segments: listed });
  const { segments } = follower;
  return {
    before: (await readNewest({ logDir, segments, wanted, count: 99 })).map(({ text }) => text),
    look: async () => (await follower.look()).news.map(({ text }) => text),
    follower,
  };
}

function append(logDir: string, path: string, text: string): void {
  mkdirSync(join(logDir, path, ".."), { recursive: true });
  appendFileSync(join(logDir, path), text);
}

describe("following", () => {
  it("goes on exactly behind what was there, with whole lines in the order of time", async () => {
    const logDir = volumeOf({ [API]: [line(1)] });
    append(logDir, API, line(4).slice(0, 40));
    const { before, look } = await follow(logDir);
    expect(before).toEqual([line(1)]);
    expect(await look()).toEqual([]);
    append(logDir, API, `${line(4).slice(40)}\n${line(6).slice(0, 9)}`);
    append(logDir, "raw/web/log_2026-02-01.jsonl", `${line(5)}\n${line(3)}\n`);
    expect(await look()).toEqual([line(3), line(4), line(5)]);
    expect(await look()).toEqual([]);
    append(logDir, API, `${line(6).slice(9)}\n`);
    append(logDir, "raw/api/log_2026-01-31.1.jsonl", `${line(7)}\n`);
    expect(await look()).toEqual([line(6), line(7)]);
  });

  it("reads to its end what was compressed or moved meanwhile, once", async () => {
    const archive = `archive/${API}`;
    const logDir = volumeOf({ [API]: [line(1)], "raw/web/log_2026-01-31.jsonl": [line(2)] });
    const { look } = await follow(logDir);
    append(logDir, API, `${line(3)}\n`);
    expect(await look()).toEqual([line(3)]);
    writeLines(logDir, `${API}.gz`, [line(1), line(3), line(4)]);
    rmSync(join(logDir, API));
    mkdirSync(join(logDir, "archive/raw/web"), { recursive: true });
    append(logDir, "raw/web/log_2026-01-31.jsonl", `${line(5)}\n`);
    renameSync(
      join(logDir, "raw/web/log_2026-01-31.jsonl"),
      join(logDir, "archive/raw/web/log_2026-01-31.jsonl"),
    );
    expect(await look()).toEqual([line(4), line(5)]);
    renameSync(join(logDir, `${API}.gz`), join(logDir, "archive/raw/web/x.gz"));
    writeLines(logDir, `${archive}.gz`, [line(1), line(3), line(4)]);
    expect(await look()).toEqual([]);
  });

  it("hands on a whole segment that was compressed before anybody looked", async () => {
    const logDir = volumeOf({ [API]: [line(0)] });
    const { look } = await follow(logDir);
    // More than a call takes arguments.
    writeLines(logDir, `${API}.gz`, [line(0), ...Array<string>(150_000).fill(line(1))]);
    rmSync(join(logDir, API));
    expect(await look()).toHaveLength(150_000);
  });

  it("shows nothing twice when a crash takes lines back, in whatever order they are written again", async () => {
    const logDir = volumeOf({ [API]: [line(1), line(2)] });
    const { look } = await follow(logDir);
    append(logDir, API, [3, 4, 5].map((at) => `${line(at)}\n`).join(""));
    append(logDir, "raw/new/log_2026-01-31.jsonl", `${line(8)}\n`);
    expect(await look()).toHaveLength(4);
    // Cut back further than to where following began; a file that no commit knew is removed.
    truncateSync(join(logDir, API), line(1).length + 1);
    rmSync(join(logDir, "raw/new/log_2026-01-31.jsonl"));
    expect(await look()).toEqual([]);
    append(logDir, API, [4, 2, 3].map((at) => `${line(at)}\n`).join(""));
    append(logDir, "raw/new/log_2026-01-31.jsonl", `${line(8)}\n${line(9)}\n`);
    expect(await look()).toEqual([line(9)]);
    append(logDir, API, `${line(5)}\n${line(6)}\n`);
    expect(await look()).toEqual([line(6)]);
  });

  it("notices a file that was cut and has grown past its old length between two looks", async () => {
    const logDir = volumeOf({ [API]: [line(1)] });
    const { look } = await follow(logDir);
    append(logDir, API, `${line(2)}\n`);
    await look();
    append(logDir, API, `${line(3)}\n${line(4)}\n`);
    await look();
    truncateSync(join(logDir, API), 2 * (line(1).length + 1));
    append(logDir, API, [4, 7, 3, 6].map((at) => `${line(at)}\n`).join(""));
    expect(await look()).toEqual([line(6), line(7)]);
  });

  it("takes lines longer than what it reads at once", async () => {
    const logDir = volumeOf({ [API]: [line(1)] });
    const { follower } = await follow(logDir);
    const long = line(2, "x".repeat(3_000_000));
    append(logDir, API, `${long}\n${line(3)}\n`);
    const news: string[] = [];
    for (let looks = 0; looks < 6; looks++)
      news.push(...(await follower.look()).news.map(({ text }) => text));
    expect(news.map((text) => text.length)).toEqual([long.length, line(3).length]);
  });

  it("knows the header of a table that it did not read from the top", async () => {
    const path = "summary/fills/fills_2026-01-31.csv";
    const logDir = volumeOf({ [path]: ["ts,price", `${timeAt(1)},1`] });
    const { follower } = await follow(logDir, "summary");
    append(logDir, path, `${timeAt(2)},"two\nlines"\n`);
    append(logDir, "summary/new/new_2026-01-31.csv", `ts,other\n${timeAt(3)},3\n`);
    expect((await follower.look()).news.map(rowOf)).toEqual([
      { ts: timeAt(2), table: "fills", columns: { price: "two\nlines" } },
      { ts: timeAt(3), table: "new", columns: { other: "3" } },
    ]);
  });

  it("waits for a folder that is not there yet", async () => {
    const logDir = volumeOf({});
    const { look } = await follow(logDir, "raw", { component: "api", level: "info" });
    expect(await look()).toEqual([]);
    append(logDir, API, `${line(1)}\n${storedLine({ ts: timeAt(2), level: "debug" })}\n`);
    append(logDir, "raw/web/log_2026-01-31.jsonl", `${line(3)}\n`);
    expect(await look()).toEqual([line(1)]);
  });

  it("shows each line once, whatever a sidecar that is killed does to the files", async () => {
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.record({ do: fc.constant("append"), file: fc.nat(2), count: fc.nat(4) }) },
      {
        weight: 2,
        arbitrary: fc.record({ do: fc.constant("look"), file: fc.constant(0), count: fc.constant(0) }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ do: fc.constant("commit"), file: fc.constant(0), count: fc.constant(0) }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ do: fc.constant("crash"), file: fc.constant(0), count: fc.nat(9) }),
      },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const logDir = volumeOf({});
        const files = new Map<string, string[]>();
        const committed = new Map<string, number>();
        const { follower } = await follow(logDir);
        // Later than the start, as lines are that a sidecar takes back.
        let ns = timeToNs(nsToTime(BigInt(Date.now()) * 1_000_000n)) + 60_000_000_000n;
        const shown: string[] = [];
        const look = async () => {
          const { news } = await follower.look();
          shown.push(...news.map(({ text }) => text));
        };
        const put = (path: string, lines: readonly string[]) => {
          files.set(path, [...(files.get(path) ?? []), ...lines]);
          append(logDir, path, lines.map((each) => `${each}\n`).join(""));
        };
        for (const { do: what, file, count } of steps) {
          const path = `raw/c${file}/log_2026-01-31.jsonl`;
          if (what === "append" && count > 0) {
            put(
              path,
              Array.from({ length: count }, () => storedLine({ ts: nsToTime(ns++), message: "same" })),
            );
          } else if (what === "commit") {
            for (const [name, lines] of files) committed.set(name, lines.length);
          } else if (what === "look") await look();
          else if (what === "crash") {
            for (const [name, lines] of [...files]) {
              const kept = committed.get(name) ?? 0;
              const lost = lines.slice(kept);
              files.set(name, lines.slice(0, kept));
              if (kept === 0) rmSync(join(logDir, name));
              else
                writeFileSync(
                  join(logDir, name),
                  lines
                    .slice(0, kept)
                    .map((each) => `${each}\n`)
                    .join(""),
                );
              if (count % 2 === 0) await look();
              // Lines of several containers come in another order than before.
              put(name, count % 3 === 0 ? lost.toReversed() : lost);
            }
          }
        }
        await look();
        await look();
        expect(shown.toSorted()).toEqual([...files.values()].flat().sort());
      }),
      { numRuns: 100 },
    );
  });
});
