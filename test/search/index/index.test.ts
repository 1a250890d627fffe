import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SidecarError } from "../../../src/core/errors.js";
import { buildIndex } from "../../../src/search/index/build.js";
import { FilterBuilder } from "../../../src/search/index/filter.js";
import { IndexFile, indexPath, writeIndexFile } from "../../../src/search/index/index-file.js";
import { IndexKeeper } from "../../../src/search/index/keeper.js";
import { requiredTokens } from "../../../src/search/index/required-tokens.js";
import { whereToLook } from "../../../src/search/index/where-to-look.js";
import { compileQuery, type Query } from "../../../src/search/query.js";
import { search } from "../../../src/search/search.js";
import { silentTelemetry } from "../../../src/telemetry/telemetry.js";
import { storedLine, timeAt, volumeOf } from "../../reading/volumes.js";

const PATH = "raw/api/log_2026-01-31.jsonl";
const segment = { path: PATH, date: "2026-01-31" };
const never = new AbortController().signal;

async function indexed(lines: readonly string[], path = PATH): Promise<string> {
  const logDir = volumeOf({ [path]: lines });
  await writeIndexFile(logDir, path, (await buildIndex(logDir, path, new FilterBuilder(), never))!);
  return logDir;
}

function ranges(logDir: string, words: string, times: { since?: string; until?: string } = {}) {
  const tokens = requiredTokens(compileQuery({ words }).required);
  return whereToLook(logDir, segment, { tokens, ...times });
}

async function ruledOut(...asked: Parameters<typeof ranges>): Promise<boolean> {
  return (await ranges(...asked))?.length === 0;
}

/** What is typed by chance may be a field's test that there is none of, such as `a:>b`. */
function compiledIfValid(words: string): Query | undefined {
  try {
    return compileQuery({ words });
  } catch (error) {
    if (error instanceof SidecarError) return undefined;
    throw error;
  }
}

const message = (text: string, ns = 1) => storedLine({ ts: timeAt(ns), message: text });

describe("an index", () => {
  it("rules a segment out that holds none of a word, and no other", async () => {
    const logDir = await indexed([message("user 12345 Logged in"), message("비밀번호를 잊음")]);
    expect(await ruledOut(logDir, "logged")).toBe(false);
    expect(await ruledOut(logDir, "12345")).toBe(false);
    expect(await ruledOut(logDir, "비밀번호")).toBe(false);
    expect(await ruledOut(logDir, "level:info")).toBe(false);
    for (const words of ["absent", "1234", "비밀키", "logged absent", '"in between words"', "level:critical"])
      expect([words, await ruledOut(logDir, words)]).toEqual([words, true]);
    // What may be a part of a word, and what must not be there, says nothing.
    for (const words of ["abs*", '"abs"', "-absent", "n:5", ""])
      expect(await ruledOut(logDir, words)).toBe(false);
  });

  it("rules it out by time", async () => {
    const minute = 60e9;
    const logDir = await indexed([message("a", 10 * minute), message("b", 20 * minute)]);
    expect(await ruledOut(logDir, "", { since: timeAt(21 * minute) })).toBe(true);
    expect(await ruledOut(logDir, "", { since: timeAt(20 * minute + 30e9) })).toBe(false);
    expect(await ruledOut(logDir, "", { until: timeAt(9 * minute) })).toBe(true);
    expect(await ruledOut(logDir, "", { until: timeAt(10 * minute) })).toBe(false);
  });

  it("never rules out what holds all words, whatever they are", async () => {
    const word = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 6 }), fc.string(), async (words, typed) => {
        const line = message(words.join(" "));
        const logDir = await indexed([line]);
        try {
          for (const query of [...words, words.join(" "), `"${words.join(" ")}"`, typed]) {
            const compiled = compiledIfValid(query);
            if (compiled === undefined) continue;
            const { required, test } = compiled;
            if (!test({ ts: "", text: line, path: PATH, at: 0, header: undefined })) continue;
            const tokens = requiredTokens(required);
            expect([query, await whereToLook(logDir, segment, { tokens })]).not.toEqual([query, []]);
          }
        } finally {
          rmSync(logDir, { recursive: true });
        }
      }),
      { numRuns: 40 },
    );
  });

  it("is not asked once the file is another, or when it was cut itself", async () => {
    const logDir = await indexed([message("a")]);
    writeFileSync(join(logDir, PATH), `${message("a")}\n${message("absent")}\n`);
    expect(await ruledOut(logDir, "absent")).toBe(false);
    const cut = await indexed([message("a")]);
    writeFileSync(join(cut, indexPath(PATH)), '{"version":2,"parts":[64');
    expect(await ruledOut(cut, "absent")).toBe(false);
  });

  it("says in which parts of a large segment a word may be, and no line of them is passed over", async () => {
    const lines = Array.from({ length: 30 }, (_, n) => message(`part${n} ${"x".repeat(1_000_000)}`, n));
    lines[21] = message(`part21 once ${"x".repeat(1_000_000)}`, 21);
    const logDir = await indexed(lines);
    const starts = lines.map((_, n) => lines.slice(0, n).join("\n").length + (n === 0 ? 0 : 1));
    for (const word of ["once", "part21", "part0", "part29"]) {
      const at = starts[word === "once" ? 21 : Number(word.slice(4))]!;
      const found = (await ranges(logDir, word))!;
      expect(found.some(({ start, end }) => start <= at && at < end)).toBe(true);
      expect(found.reduce((sum, { start, end }) => sum + end - start, 0)).toBeLessThan(12_000_000);
      for (const { start } of found) expect(starts).toContain(start);
      const request = {
        logDir,
        categories: ["raw"] as const,
        limit: 9,
        query: compileQuery({ words: word }),
      };
      const places: number[] = [];
      for await (const entry of search({ ...request, signal: never })) places.push(entry.at);
      expect(places).toEqual([at]);
    }
    expect(await ranges(logDir, "absent")).toEqual([]);
    expect(await ranges(logDir, "info")).toEqual([{ start: 0, end: lines.join("\n").length + 1 }]);
  });

  it("stays that of a segment which is compressed and archived", async () => {
    const lines = [message("a"), message("b")];
    const logDir = await indexed(lines);
    const archived = volumeOf({ [`archive/${PATH}.gz`]: lines });
    mkdirSync(dirname(join(archived, indexPath(PATH))), { recursive: true });
    renameSync(join(logDir, indexPath(PATH)), join(archived, indexPath(PATH)));
    expect(await ruledOut(archived, "absent")).toBe(true);
    expect(await ruledOut(archived, "b")).toBe(false);
  });

  it("is small where tokens repeat, and counts minutes by level, container and rule", async () => {
    const tagged = `${message("x", 61e9).slice(0, -1)},"rule":"r1,__proto__"}`;
    const logDir = await indexed([
      ...Array.from({ length: 5000 }, () => message("the same")),
      tagged,
      "not ours",
    ]);
    const index = (await IndexFile.open(logDir, PATH))!;
    expect(index.head).toMatchObject({ lines: 5002, from: "2026-01-31T00:00", to: "2026-01-31T00:01" });
    expect(index.head.parts).toHaveLength(1);
    expect(index.head.filterBytes).toBeLessThan(4096);
    const counts = await index.readCounts();
    await index.close();
    const minute = Date.parse("2026-01-31T00:00Z") / 60_000;
    expect(counts.map((each) => [each.minute - minute, each.levels, each.containers])).toEqual([
      [0, { info: 5000 }, { "api-1": 5000 }],
      [1, { info: 1 }, { "api-1": 1 }],
    ]);
    expect(Object.entries(counts[1]!.rules)).toEqual([
      ["r1", 1],
      ["__proto__", 1],
    ]);
  });
});

describe("IndexKeeper", () => {
  it("makes the indexes of what is sealed, and takes away those of what is gone", async () => {
    const logDir = volumeOf({
      [PATH]: [message("a")],
      "raw/api/log_2026-01-30.jsonl.gz": [message("b")],
      "tagged/90d/events_2026-01-30.jsonl": [message("c")],
      "summary/t/t_2026-01-30.csv": ["ts"],
    });
    let room = false;
    const keeper = new IndexKeeper({
      logDir,
      openPaths: () => new Set([PATH]),
      hasRoom: () => room,
      telemetry: silentTelemetry(),
    });
    const there = (path: string) => existsSync(join(logDir, indexPath(path)));
    await keeper.look();
    expect(there("raw/api/log_2026-01-30.jsonl.gz")).toBe(false);
    room = true;
    await keeper.look();
    expect([PATH, "raw/api/log_2026-01-30.jsonl", "tagged/90d/events_2026-01-30.jsonl"].map(there)).toEqual([
      false,
      true,
      true,
    ]);
    rmSync(join(logDir, "raw/api/log_2026-01-30.jsonl.gz"));
    writeFileSync(`${join(logDir, indexPath("tagged/90d/events_2026-01-30.jsonl"))}.new`, "broken off");
    await keeper.look();
    expect(there("raw/api/log_2026-01-30.jsonl")).toBe(false);
    expect(existsSync(`${join(logDir, indexPath("tagged/90d/events_2026-01-30.jsonl"))}.new`)).toBe(false);
    await keeper.stop();
  });
});
