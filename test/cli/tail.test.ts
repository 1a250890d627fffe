import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { main } from "../../src/cli/program.js";
import { type TailOptions, tail } from "../../src/cli/tail.js";
import { damagedFiles, storedLine, timeAt, volumeOf } from "../reading/volumes.js";

const RAW = "raw/api/log_2026-01-31.jsonl";

function optionsFor(logDir: string, options: Partial<TailOptions> = {}): TailOptions {
  return {
    logDir,
    category: "raw",
    lines: 20,
    since: undefined,
    follow: false,
    json: false,
    timeZone: "UTC",
    noColor: true,
    stop: new AbortController().signal,
    ...options,
  };
}

async function run(logDir: string, options: Partial<TailOptions> = {}, isTTY = false) {
  let text = "";
  let said = "";
  const out = { write: (part: string) => (text += part), isTTY };
  const err = { write: (part: string) => (said += part) };
  expect(await tail(optionsFor(logDir, options), { out, err })).toBe(0);
  return { text, said };
}

/** A volume with a healthy file and some that are damaged. */
function damagedVolume(healthy: string) {
  const logDir = volumeOf({ [RAW]: [healthy], "summary/t/t_2026-01-31.csv": [`ts,a`, `${timeAt(3)},1`] });
  const damaged = Object.entries(damagedFiles([storedLine({ ts: timeAt(1), component: "old" })]));
  for (const [name, bytes] of damaged) {
    mkdirSync(join(logDir, "raw", name));
    writeFileSync(join(logDir, "raw", name, "log_2026-01-31.jsonl.gz"), bytes);
  }
  return { logDir, names: damaged.map(([name]) => name) };
}

describe("tail", () => {
  it.each([
    ["the newest", { lines: 20 }],
    ["all", { lines: undefined }],
  ])("names damaged files, goes on with the others, and ends with 1: %s", async (_, options) => {
    const healthy = storedLine({ ts: timeAt(2) });
    const { logDir, names } = damagedVolume(healthy);
    let text = "";
    let said = "";
    const out = { write: (part: string) => (text += part) };
    const err = { write: (part: string) => (said += part) };
    expect(await tail(optionsFor(logDir, options), { out, err })).toBe(1);
    expect(text.split("\n")).toContain(healthy);
    const told = said.trimEnd().split("\n").sort();
    expect(told).toEqual(
      names
        .sort()
        .map((name) =>
          expect.stringMatching(
            new RegExp(
              `^log-sidecar: raw/${name}/log_2026-01-31.jsonl.gz could not be read.*\\[FILE_DAMAGED\\] `,
            ),
          ),
        ),
    );
    expect((await run(logDir, { ...options, category: "summary", json: true })).text).toContain('"a":');
  });

  it("hands on what is stored as it is stored where nobody looks at a terminal", async () => {
    const odd = `{"ts":"${timeAt(2)}","level":"info","component":"api","data":{"id":12345678901234567890, "a" : 1.0}}`;
    const lines = [storedLine({ ts: timeAt(1) }), odd];
    const logDir = volumeOf({ [RAW]: lines });
    expect((await run(logDir)).text).toBe(`${lines.join("\n")}\n`);
    expect((await run(logDir, { json: true }, true)).text).toBe(`${lines.join("\n")}\n`);
    expect((await run(logDir, { lines: 1 })).text).toBe(`${odd}\n`);
    expect((await run(logDir, { lines: 0 })).text).toBe("");
    expect((await run(logDir, { lines: undefined, since: timeAt(2) })).text).toBe(`${odd}\n`);
  });

  it("shows people time, level, component and message, a trace whole, and no control characters", async () => {
    const message = "failed\nTraceback (most recent call last):\n\u001b[31mboom\u0007 \u202etxt";
    const logDir = volumeOf({
      [RAW]: [
        storedLine({ ts: timeAt(1_000_000), level: "error", message }),
        `{"ts":"${timeAt(2_000_000)}","level":"warning","component":"security","event_type":"login","data":{"n":1}}`,
      ],
    });
    const text =
      "2026-01-31 01:00:00.001 error    api failed\n    Traceback (most recent call last):\n    ␛[31mboom␇ \ufffdtxt\n" +
      '2026-01-31 01:00:00.002 warning  security login {"n":1}\n';
    expect((await run(logDir, { timeZone: "Europe/Berlin" }, true)).text).toBe(text);
    const coloured = (await run(logDir, { noColor: false }, true)).text;
    expect(coloured).toContain("\u001b[31merror   \u001b[0m \u001b[36mapi\u001b[0m failed");
    expect(coloured).toContain("\u001b[33mwarning \u001b[0m");
  });

  it("shows JSON on a terminal with escapes for what a terminal acts upon: the same values", async () => {
    const line = storedLine({ ts: timeAt(1), message: "a\u009b31m \u202etxt\u007f" });
    const logDir = volumeOf({ [RAW]: [line] });
    const { text } = await run(logDir, { json: true }, true);
    expect(text).toContain("a\\u009b31m \\u202etxt\\u007f");
    expect(JSON.parse(text)).toEqual(JSON.parse(line));
    expect((await run(logDir, { json: true })).text).toBe(`${line}\n`);
  });

  it("shows a line that was damaged as it stands, and what comes behind it", async () => {
    const broken = storedLine({ ts: timeAt(1) }).slice(0, -20);
    const logDir = volumeOf({ [RAW]: [broken, storedLine({ ts: timeAt(2), message: "next" })] });
    const text = `2026-01-31 00:00:00.000 ${broken}\n2026-01-31 00:00:00.000 info     api next\n`;
    expect((await run(logDir, {}, true)).text).toBe(text);
  });

  it("shows tagged records with what makes them so, and rows with their table", async () => {
    const tagged = `{"ts":"${timeAt(1)}","level":"info","component":"auth","message":"m","rule":"r","tags":["a"],"severity":"high"}`;
    const logDir = volumeOf({
      "tagged/90d/events_2026-01-31.jsonl": [tagged],
      "summary/fills/fills_2026-01-31.csv": ["ts,price,note", `${timeAt(1)},1.5,"a b"`],
    });
    expect((await run(logDir, { category: "tagged" }, true)).text).toBe(
      "2026-01-31 00:00:00.000 info     auth [high r a] m\n",
    );
    const rows = { category: "summary" } as const;
    expect((await run(logDir, rows, true)).text).toBe('2026-01-31 00:00:00.000 fills price=1.5 note="a b"\n');
    expect((await run(logDir, rows)).text).toBe(
      `{"ts":"${timeAt(1)}","table":"fills","columns":{"price":"1.5","note":"a b"}}\n`,
    );
  });

  it("follows until it is told to stop", async () => {
    const logDir = volumeOf({ [RAW]: [storedLine({ ts: timeAt(1) })] });
    const stop = new AbortController();
    let text = "";
    const out = { write: (part: string) => (text += part) };
    const done = tail(optionsFor(logDir, { follow: true, stop: stop.signal }), { out, err: out });
    await sleep(100);
    appendFileSync(join(logDir, RAW), `${storedLine({ ts: timeAt(2) })}\n`);
    const from = performance.now();
    while (!text.includes(timeAt(2))) await sleep(10);
    expect(performance.now() - from).toBeLessThan(1000);
    stop.abort();
    expect(await done).toBe(0);
  });

  it("ends quietly when its reader has had enough", async () => {
    const logDir = volumeOf({
      [RAW]: Array.from({ length: 3000 }, (_, at) => storedLine({ ts: timeAt(at) })),
    });
    const out = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error("closed"), { code: "EPIPE" })),
    });
    const request = optionsFor(logDir, { follow: true, lines: undefined });
    expect(await tail(request, { out, err: out })).toBe(0);
  });

  it("says that nothing is stored", async () => {
    const logDir = volumeOf({});
    expect(await run(logDir)).toEqual({ text: "", said: `nothing of raw is stored in ${logDir}\n` });
    const filled = volumeOf({ [RAW]: [storedLine({ ts: timeAt(1) })] });
    expect((await run(filled, { component: "apj" })).said).toBe(
      `nothing of a component apj is stored in ${filled}; there is api\n`,
    );
    expect((await run(filled, { component: "api", level: "error" })).said).toBe(
      `no record of raw of api of level error and above is stored in ${filled}\n`,
    );
    const many = volumeOf(
      Object.fromEntries(Array.from("abcdefghijk", (name) => [RAW.replace("api", `${name}-shop`), []])),
    );
    expect((await run(many, { component: "x-shop" })).said).toMatch(/; did you mean `.-shop`\?\n$/);
    expect((await run(many, { component: "frontend" })).said).toMatch(/frontend is stored in [^;]*\n$/);
    await expect(run(join(logDir, "absent"))).rejects.toThrow("[SIDECAR_ABSENT]");
  });
});

describe("the command line of tail", () => {
  it.each([
    [["training"], "training holds samples in .npz and .pkl files", "log-sidecar export"],
    [["rwa"], "rwa is no category", "expected raw, tagged or summary"],
    [["--level", "loud"], "--level=loud: expected one of trace", "critical"],
    [["--lines", "-3"], "--lines=-3: expected all", "a number up to"],
    [["--since", "yesterday"], "--since=yesterday: expected a duration", "2026-01-31T12:00:00Z"],
    [["summary", "--level", "info"], "--level: rows of summary", "no component and no level"],
  ])("refuses %j", async (args, what, remedy) => {
    const output = { out: { write: () => true }, err: { write: () => true } };
    const surroundings = { env: {}, shippedRules: "rules", output };
    const failing = main(["tail", "--log-dir", volumeOf({}), ...args], surroundings);
    await expect(failing).rejects.toMatchObject({ code: "SETTINGS_INVALID", exit: 78 });
    await expect(failing).rejects.toThrow(what);
    await expect(failing).rejects.toThrow(remedy);
    await expect(failing).rejects.not.toThrow("run --help");
  });

  it("takes names of levels and a time to begin at", async () => {
    const logDir = volumeOf({
      [RAW]: [
        storedLine({ ts: timeAt(1), level: "warning" }),
        storedLine({ ts: timeAt(2), level: "warning" }),
      ],
    });
    let text = "";
    const output = { out: { write: (part: string) => (text += part) }, err: { write: () => true } };
    const args = ["tail", "raw", "--log-dir", logDir, "--level", "Warn", "--component", "api"];
    expect(await main([...args, "--since", "2026-01-31"], { env: {}, shippedRules: "rules", output })).toBe(
      0,
    );
    expect(text.split("\n")).toHaveLength(3);
    expect(await main([...args, "-n", "1"], { env: {}, shippedRules: "rules", output })).toBe(0);
    expect(text.split("\n")).toHaveLength(4);
  });
});
