import { once } from "node:events";
import { appendFileSync } from "node:fs";
import { get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { storedLine, timeAt, writeLines } from "../reading/volumes.js";
import { ask, makeParts, serverOf } from "./world.js";

const RAW = "raw/api/log_2026-01-31.jsonl";

async function world(files: Readonly<Record<string, readonly string[]>>) {
  const parts = await makeParts();
  const { logDir } = parts.settings;
  for (const [path, lines] of Object.entries(files)) writeLines(logDir, path, lines);
  return { parts, logDir, server: serverOf(parts) };
}

const line = (message: string, ns = 1) => storedLine({ ts: timeAt(ns), message });

describe("/api/search", () => {
  it("gives what is found line by line, with its place and what stands around it", async () => {
    const lines = [line("one", 1), line("two", 2), line("three", 3)];
    const { server } = await world({
      [RAW]: lines,
      "summary/t/t_2026-01-31.csv": ["ts,n", `${timeAt(9)},two`],
    });
    const found = await ask(server, "/api/search?q=two&context=1");
    expect(found.headers["content-type"]).toBe("application/x-ndjson");
    const [row, entry] = found.payload
      .trimEnd()
      .split("\n")
      .map((text) => JSON.parse(text));
    expect(row).toMatchObject({
      path: "summary/t/t_2026-01-31.csv",
      row: { table: "t", columns: { n: "two" } },
    });
    expect(entry).toEqual({
      path: RAW,
      at: lines[0]!.length + 1,
      record: JSON.parse(lines[1]!),
      before: [JSON.parse(lines[0]!)],
      after: [JSON.parse(lines[2]!)],
    });
    const stored = await ask(server, "/api/search?q=two&category=raw&format=jsonl");
    expect(stored.payload).toBe(`${lines[1]}\n`);
    expect(stored.headers["content-disposition"]).toContain("search.jsonl");
    const table = await ask(server, "/api/search?q=two&category=raw&format=csv");
    expect(table.payload).toBe(
      `ts,level,component,event_type,message,container,stream,rule,severity,table,data\n${timeAt(2)},info,api,,two,api-1,stdout,,,,\n`,
    );
  });

  it("takes a level in any spelling", async () => {
    const { server } = await world({
      [RAW]: [storedLine({ ts: timeAt(1), level: "warning" }), line("two", 2)],
    });
    const found = await ask(server, "/api/search?level=WARN");
    expect(found.payload.trimEnd().split("\n")).toHaveLength(1);
  });

  it.each([
    "where=level%7Cnope:1",
    "level=loud",
    "limit=-1",
    "category=training",
    "nonsense=1",
    "since=yesterday",
  ])("refuses %s", async (query) => {
    const { server } = await world({});
    const { statusCode, payload } = await ask(server, `/api/search?${query}`);
    expect([statusCode, Object.keys(JSON.parse(payload))]).toEqual([400, ["code", "message", "remedy"]]);
  });

  it("is answered on loopback only where there is no token", async () => {
    const { server } = await world({});
    for (const path of ["search", "tail", "histogram", "summary", "training", "doctor"]) {
      const { statusCode } = await ask(server, `/api/${path}`, { remoteAddress: "10.0.0.7" });
      expect([path, statusCode]).toEqual([path, 403]);
    }
  });
});

describe("/api/histogram", () => {
  it("counts records over time, and what is written meanwhile", async () => {
    const tagged = storedLine({ ts: timeAt(0), level: "error" }).replace("}", ',"rule":"login"}');
    const { server, logDir } = await world({
      [RAW]: [line("a", 0), line("b", 61e9), line("c", 62e9)],
      "tagged/90d/events_2026-01-31.jsonl": [tagged],
    });
    const between = "since=2026-01-31T00:00:00Z&until=2026-01-31T00:02:59Z";
    const read = async (by: string, rest = "") =>
      (await ask(server, `/api/histogram?${between}&by=${by}${rest}`)).json();
    expect(await read("level")).toEqual({
      by: "level",
      from: "2026-01-31T00:00:00.000Z",
      stepMs: 60_000,
      series: { info: [1, 2, 0], error: [1, 0, 0] },
    });
    expect((await read("rule")).series).toEqual({ login: [1, 0, 0] });
    expect((await read("category", "&buckets=2")).series).toEqual({ raw: [3, 0], tagged: [1, 0] });
    appendFileSync(join(logDir, RAW), `${line("d", 121e9)}\n`);
    expect((await read("container")).series).toEqual({ "api-1": [2, 2, 1] });
  });

  it("counts what a search finds, a line that stands in tagged and in raw once", async () => {
    const failed = storedLine({ ts: timeAt(61e9), level: "error", message: "login failed" });
    const { server } = await world({
      [RAW]: [line("failed", 0), line("done", 1), line("failed", 121e9)],
      "raw/api/error_2026-01-31.jsonl": [failed],
      "raw/api/log_2026-01-30.jsonl.gz": [storedLine({ ts: timeAt(1, "2026-01-30"), message: "failed" })],
      "tagged/90d/events_2026-01-31.jsonl": [failed.replace("}", ',"rule":"login,other"}')],
    });
    const between = "since=2026-01-31T00:00:00Z&until=2026-01-31T00:02:59Z";
    const read = async (rest: string) =>
      (await ask(server, `/api/histogram?${between}&${rest}`)).json().series;
    expect(await read("q=failed")).toEqual({ info: [1, 0, 1], error: [0, 1, 0] });
    expect(await read("q=failed&by=category")).toEqual({ raw: [1, 0, 1], tagged: [0, 1, 0] });
    expect(await read("q=failed&by=rule")).toEqual({ login: [0, 1, 0], other: [0, 1, 0] });
    expect(await read("level=error&category=raw&by=container")).toEqual({ "api-1": [0, 1, 0] });
    expect(await read("where=message:%20done")).toEqual({ info: [1, 0, 0] });
  });
});

describe("/api/tail", () => {
  it("sends what was stored last, and what comes, filtered", async () => {
    const { server, logDir } = await world({ [RAW]: [line("old one", 1), line("old two", 2)] });
    await server.listen({ host: "127.0.0.1", port: 0 });
    const { port } = server.server.address() as AddressInfo;
    let text = "";
    const request = get({ port, path: "/api/tail?q=-two", headers: { host: "localhost" } }, (answer) => {
      expect(answer.headers["content-type"]).toContain("text/event-stream");
      answer.setEncoding("utf8").on("data", (chunk) => (text += chunk));
    });
    await expect.poll(() => text, { timeout: 10_000 }).toContain("old one");
    appendFileSync(join(logDir, RAW), `${line("new two", 3)}\n${line("new one", 4)}\n`);
    await expect.poll(() => text, { timeout: 10_000 }).toContain("new one");
    expect(text).not.toContain("two");
    const data = text.split("\n").filter((each) => each.startsWith("data: "));
    expect(data.map((each) => JSON.parse(each.slice(6)).record.message)).toEqual(["old one", "new one"]);
    request.destroy();
  });

  it("leaves out what a viewer does not take, and says how much", async () => {
    const { server, logDir, parts } = await world({ [RAW]: [line("first")] });
    await server.listen({ host: "127.0.0.1", port: 0 });
    const { port } = server.server.address() as AddressInfo;
    let text = "";
    const request = get({ port, path: "/api/tail", headers: { host: "localhost" } });
    const [answer] = (await once(request, "response")) as [IncomingMessage];
    // More than the sockets between take, and that as many wait as may.
    const long = "x".repeat(10_000);
    const many = Array.from({ length: 5_000 }, (_, at) => line(`${at} ${long}`, at + 10));
    writeLines(logDir, "raw/api/log_2026-01-31.1.jsonl", many);
    const counted = () => {
      const missed = [...text.matchAll(/event: missed\ndata: (\d+)\n\n/g)].map(([, n]) => Number(n));
      return [
        missed.length > 0,
        missed.reduce((sum, n) => sum + n, 0) + text.split("event: entry").length - 1,
      ];
    };
    const left = () => parts.telemetry.counters.get("live_records_missed_total");
    await expect.poll(left, { timeout: 60_000 }).toBeGreaterThan(0);
    answer.setEncoding("utf8").on("data", (chunk) => (text += chunk));
    await expect.poll(counted, { timeout: 60_000 }).toEqual([true, 5_001]);
    expect(text).toContain('"4999 xxx');
    request.destroy();
  }, 120_000);
});

describe("tables and training sets", () => {
  it("are listed, thinned out for charts, and downloaded", async () => {
    const rows = Array.from({ length: 100 }, (_, at) => `${timeAt(at)},${at}`);
    const { server } = await world({
      "summary/t/t_2026-01-31.csv": ["ts,n", ...rows],
      "summary/t/t_2026-02-01.csv.gz": ["ts,n,m", `${timeAt(1, "2026-02-01")},1,"a,b"`],
    });
    expect((await ask(server, "/api/summary")).json()).toEqual({
      tables: [{ table: "t", files: 2, from: "2026-01-31", to: "2026-02-01" }],
    });
    const all = (await ask(server, "/api/summary/t")).json();
    expect(all).toMatchObject({ table: "t", rows: 101, every: 1 });
    expect([all.columns.n[5], all.columns.m[100], all.ts.length]).toEqual(["5", "a,b", 101]);
    const few = (await ask(server, "/api/summary/t?points=10")).json();
    expect([few.rows, few.every, few.columns.n]).toEqual([
      101,
      16,
      ["0", "16", "32", "48", "64", "80", "96"],
    ]);
    const csv = await ask(server, `/api/summary/t?format=csv&since=${timeAt(98)}`);
    expect(csv.payload).toBe(
      `ts,n\n${timeAt(98)},98\n${timeAt(99)},99\nts,n,m\n${timeAt(1, "2026-02-01")},1,"a,b"\n`,
    );
    expect((await ask(server, "/api/summary/..%2fraw")).statusCode).toBe(404);
  });

  it("of training with their manifests", async () => {
    const { server } = await world({
      "training/d/d_2026-01-31_1.npz": ["bytes"],
      "training/d/d_2026-01-31_1.json": ['{"manifest":1,"samples":7}'],
    });
    expect((await ask(server, "/api/training")).json()).toEqual({
      datasets: [
        {
          dataset: "d",
          files: [{ file: "d_2026-01-31_1.npz", date: "2026-01-31", manifest: { manifest: 1, samples: 7 } }],
        },
      ],
    });
    expect((await ask(server, "/api/training/d/d_2026-01-31_1.npz")).payload).toBe("bytes\n");
    expect((await ask(server, "/api/training/d/..%2f..%2fx.npz")).statusCode).toBe(404);
  });
});
