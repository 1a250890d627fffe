import { mkdir, mkdtemp, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { RecordLine, tagsMark } from "../../src/categories/record-line.js";
import { marksOf } from "../../src/categories/tagged.js";
import { type ReplayOptions, type ReplayReport, replay } from "../../src/cli/replay.js";
import type { LogRecord } from "../../src/core/record.js";
import { createUnderstand } from "../../src/records/understand.js";
import { loadRules } from "../../src/rules/load.js";
import type { RuleSet } from "../../src/rules/rule-set.js";
import { isKept } from "../../src/rules/sampling.js";
import { containerFrom } from "../../src/rules/test-record.js";
import { damagedFiles } from "../reading/volumes.js";
import { rulesFolder } from "../rules/records.js";

const understand = createUnderstand();
const OLD = `rules:
  - {id: fill, match: {event_type: fill}, to: {raw: {}, summary: {table: fills, columns: [price]}}}
  - {id: alert, match: {event_type: alert}, to: {raw: {}, tagged: {tags: [x], severity: high, retention: 90d}}}
  - {id: login, match: {event_type: login}, to: {tagged: {tags: [sec]}}}
`;

interface Printed {
  readonly ts: string;
  readonly text: string;
  readonly container?: string;
}

const PRINTED: readonly Printed[] = [
  { ts: "2026-01-30T10:00:00.000000001Z", text: '{"event_type":"fill","price":1}' },
  { ts: "2026-01-30T10:00:00.000000002Z", text: '{"event_type":"alert","message":"a1"}' },
  { ts: "2026-01-31T10:00:00.000000001Z", text: '{"event_type":"alert","message":"a2"}' },
  { ts: "2026-01-31T10:00:00.000000002Z", text: '{"event_type":"login","user":"ann"}' },
  { ts: "2026-01-31T10:00:00.000000003Z", text: "all is well", container: "web" },
  { ts: "2026-01-31T10:00:00.000000004Z", text: "all is well again", container: "web" },
];

/** A volume as those rules and an hour of retention have left it: the first day compressed and in the archive. */
async function volume(rules: RuleSet): Promise<string> {
  const logDir = await mkdtemp(join(tmpdir(), "replay-"));
  const files = new Map<string, string>();
  for (const { ts, text, container = "api" } of PRINTED) {
    const line = { ts, stream: "stdout", text, lines: 1, truncated: false, replaced: false } as const;
    const record = understand(line, containerFrom({ name: container }));
    const { rule, targets } = rules.classify(record);
    for (const target of targets) {
      const format = new RecordLine();
      const date = ts.slice(0, 10);
      if (target.category === "raw") {
        const path = `raw/${record.component}/log_${date}.jsonl`;
        files.set(path, (files.get(path) ?? "") + format.format(record, rule, tagsMark(record.tags)));
      } else if (target.category === "tagged") {
        const path = `tagged/${target.retention}/events_${date}.jsonl`;
        files.set(
          path,
          (files.get(path) ?? "") + format.format(record, target.rule, marksOf(target.tags, target)),
        );
      }
    }
  }
  for (const [path, text] of files) {
    const old = path.includes("2026-01-30");
    const full = join(logDir, old ? `archive/${path}.gz` : path);
    await mkdir(dirname(full), { recursive: true });
    await writeFile(full, old ? gzipSync(text) : text);
  }
  return logDir;
}

/** Path, time and bytes of everything in the volume. */
async function contents(logDir: string): Promise<unknown[]> {
  const paths = await readdir(logDir, { recursive: true });
  return Promise.all(
    paths.sort().map(async (path) => {
      const status = await stat(join(logDir, path));
      const bytes = status.isFile() ? await readFile(join(logDir, path), "hex") : "";
      return [path, status.mtimeMs, status.ctimeMs, bytes];
    }),
  );
}

async function setUp(next: string, options: Partial<ReplayOptions> & { readonly terminal?: boolean } = {}) {
  const old = await loadRules(await rulesFolder({ "a.yaml": OLD }));
  const logDir = await volume(old);
  const before = await contents(logDir);
  let out = "";
  let err = "";
  const console = {
    out: { write: (text: string) => (out += text) },
    err: { write: (text: string) => (err += text), isTTY: options.terminal === true },
  };
  const request: ReplayOptions = {
    logDir,
    next: await loadRules(await rulesFolder({ "a.yaml": next })),
    current: undefined,
    since: undefined,
    json: true,
    understand,
    containers: new Map([["api", containerFrom({ name: "api", labels: { team: "core" } })]]),
    ...options,
  };
  expect(await replay(request, console)).toBe(0);
  return { out, err, before, after: await contents(logDir) };
}

async function report(next: string, options: Partial<ReplayOptions> = {}): Promise<ReplayReport> {
  return JSON.parse((await setUp(next, options)).out) as ReplayReport;
}

describe("replay", () => {
  it("tells which lines would not be of the share that new rules keep, and those that wait as going where they go", async () => {
    const next =
      "rules:\n  - {id: some, match: {event_type: alert}, sample: 0.5, dedupe: {window: 1s}, set: {y: 1}, " +
      "to: {training: {dataset: d, features: [y]}}}\n";
    const { moves } = await report(next);
    const alerts = moves.filter(({ rule }) => rule === "some");
    const line = (ts: string) =>
      ({ ts, stream: "stdout", container: containerFrom({ name: "api" }) }) as LogRecord;
    const kept = [PRINTED[1]!.ts, PRINTED[2]!.ts].filter((ts) => isKept(line(ts), 0.5)).length;
    const count = (sampled: boolean) =>
      alerts.filter((move) => move.sampled === sampled).reduce((sum, move) => sum + move.count, 0);
    expect([count(false), count(true)]).toEqual([kept, 2 - kept]);
    for (const { sampled, places } of alerts) expect(places.to).toEqual(sampled ? [] : ["training/d"]);
  });

  it("names damaged files once, reads the others, and ends with 1", async () => {
    const rules = await loadRules(await rulesFolder({ "a.yaml": OLD }));
    const logDir = await volume(rules);
    const { cut = "" } = damagedFiles(["{}"]);
    await writeFile(join(logDir, "archive/tagged/90d/events_2026-01-30.jsonl.gz"), cut);
    let out = "";
    let err = "";
    const streams = {
      out: { write: (text: string) => (out += text) },
      err: { write: (text: string) => (err += text) },
    };
    const rest = { current: undefined, since: undefined, json: true, understand, containers: new Map() };
    expect(await replay({ logDir, next: rules, ...rest }, streams)).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ lines: PRINTED.length });
    expect(err.match(/\[FILE_DAMAGED\]/g)).toHaveLength(1);
    expect(err).toMatch(
      /^log-sidecar: archive\/tagged\/90d\/events_2026-01-30.jsonl.gz could not be read to its end/,
    );
  });

  it("finds nothing to move for the same rules", async () => {
    expect(await report(OLD)).toEqual({
      since: null,
      lines: PRINTED.length,
      moved: 0,
      unlike: 0,
      unknown: ["web"],
      moves: [],
    });
  });

  it("tells by rule what would go elsewhere, compressed and archived lines too", async () => {
    const next = `rules:
  - {id: fill, match: {event_type: fill}, drop: true}
  - {id: alarm, match: {event_type: alert}, to: {tagged: {tags: [x], severity: high, retention: 1y}}}
  - {id: login, match: {event_type: login}, to: {tagged: {tags: [sec]}}}
  - {id: well, match: {text|contains: well again}, to: {raw: {}, summary: {table: wells, columns: [message]}}}
`;
    const { moved, moves } = await report(next, {
      current: await loadRules(await rulesFolder({ "a.yaml": OLD })),
    });
    expect(moved).toBe(4);
    expect(moves.map(({ count, was, rule, places }) => [count, was, rule, places.from, places.to])).toEqual([
      [2, "alert", "alarm", ["raw", "tagged/90d"], ["tagged/365d"]],
      [1, "fill", "fill", ["raw", "summary/fills"], []],
      [1, null, "well", ["raw"], ["raw", "summary/wells"]],
    ]);
    expect(moves[0]).toMatchObject({ from: ["raw", "tagged"], to: ["tagged"] });
    expect(moves[0]?.samples).toEqual([
      { ts: PRINTED[1]?.ts, container: "api", text: PRINTED[1]?.text },
      { ts: PRINTED[2]?.ts, container: "api", text: PRINTED[2]?.text },
    ]);
  });

  it("begins where it is told", async () => {
    expect(await report(OLD, { since: "2026-01-31T10:00:00.000000003Z" })).toMatchObject({ lines: 2 });
    expect(await report(OLD, { since: "2026-03-01T00:00:00.000000000Z" })).toMatchObject({ lines: 0 });
  });

  it("asks for labels of containers that the engine still has", async () => {
    const next = `rules:\n  - {id: core, match: {container.labels.team: core}, to: {tagged: {}}}\n`;
    const { moves } = await report(next);
    expect(moves.reduce((sum, { count }) => sum + count, 0)).toBe(3);
  });

  it("leaves out what the rules in use decide as the new ones do", async () => {
    const next = "rules:\n  - {id: all, match: always, to: {raw: {}}}\n";
    const current = await loadRules(await rulesFolder({ "a.yaml": next }));
    expect(await report(next, { current })).toMatchObject({ moved: 0, unlike: 3, moves: [] });
  });

  it("knows no table that lines are in where the rules that stored them are not given", async () => {
    const next = "rules:\n  - {id: fill, match: {event_type: fill}, drop: true}\n";
    const { moves } = await report(next);
    expect(moves.find(({ was }) => was === "fill")?.places).toEqual({ from: ["raw"], to: [] });
  });

  it("writes for people what it writes for programs, and nothing to the volume", async () => {
    const next = "rules: []\ndefault: drop\n";
    const { out, err, before, after } = await setUp(next, { json: false });
    expect(out).toMatch(/^2 × raw → nowhere \(dropped\)\n {4}by no rule; stored by no rule$/m);
    expect(out).toContain(`    ${PRINTED[4]?.ts} web  all is well\n`);
    expect(out).toContain("6 stored lines read, 6 would go elsewhere\n");
    expect(out).toContain("of 1 containers nothing but the name is known (web)");
    expect(err).toBe("");
    expect(after).toEqual(before);
  });

  it("shows on a terminal how far it is, and takes that away", async () => {
    const { err } = await setUp(OLD, { terminal: true });
    expect(err).toContain("%  1 lines, 0 would move");
    expect(err.endsWith("\r\u001b[K")).toBe(true);
  });
});
