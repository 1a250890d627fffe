import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TaggedTarget } from "../../src/core/decision.js";
import { type JsonObject, LEVELS, type LogRecord } from "../../src/core/record.js";
import { describeCategoryWriter } from "../contract/category-writer.js";
import { runJq, runPython } from "../programs.js";
import { requirement } from "../requirements.js";
import { container, createBench, decision, jsonRecord, record, temporaryFile } from "./samples.js";

const raw = { category: "raw" } as const;
const tagged: TaggedTarget = {
  category: "tagged",
  rule: "login-brute-force,many-logins",
  tags: ["security", "auth"],
  severity: "high",
  retention: "permanent",
};

function rawLine(of: LogRecord): string {
  const { sink, writers } = createBench();
  writers.write(of, decision(raw));
  return [...sink.files.values()][0] ?? "";
}

/** Texts with everything that JSON must escape and all that readers of lines could trip over. */
const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({
    unit: fc.constantFrom(
      '"',
      "\\",
      "\n",
      "\r",
      "\0",
      "\u2028",
      "\u0085",
      "\ud800",
      "\udfff",
      "😀",
      "\u007f",
      "a",
    ),
  }),
);

/** A JSON value with the lone halves of surrogate pairs in its texts replaced. */
function mended(value: unknown): unknown {
  if (typeof value === "string") return value.replace(/\p{Surrogate}/gu, "\ufffd");
  if (Array.isArray(value)) return value.map(mended);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [mended(key), mended(child)]));
}

const anyRecord = fc
  .record({
    level: fc.constantFrom(...LEVELS),
    component: anyText,
    event_type: fc.option(anyText, { nil: undefined }),
    message: fc.option(anyText, { nil: undefined }),
    tags: fc.option(fc.array(anyText, { maxLength: 3 }), { nil: undefined }),
    data: fc.option(fc.dictionary(fc.oneof(anyText, fc.constant("__proto__")), fc.jsonValue()), {
      nil: undefined,
    }),
    text: anyText,
    truncated: fc.boolean(),
    name: anyText,
  })
  .map(({ name, data, ...parts }) => {
    const dataText = data === undefined ? undefined : JSON.stringify(data);
    const read = dataText === undefined ? undefined : (JSON.parse(dataText) as JsonObject);
    return record({ ...parts, data: read, dataText, container: { ...container, name } });
  });

describeCategoryWriter("raw", {
  target: () => ({ category: "raw" }),
  dataText: '{"a":1}',
  paths: ["raw/api/log_2026-01-31.jsonl", "raw/api/log_2026-02-01.jsonl"],
});

describeCategoryWriter("tagged", {
  target: () => ({ ...tagged }),
  dataText: '{"a":1}',
  paths: ["tagged/permanent/events_2026-01-31.jsonl", "tagged/permanent/events_2026-02-01.jsonl"],
});

describe("raw", () => {
  it("writes all fields in their order, and the app's object as the app wrote it", () => {
    const of = jsonRecord('{ "b":1.0, "a":1e2,"b":"\\u00e9" }', {
      event_type: "inference",
      message: "done",
      tags: ["fast"],
      truncated: true,
    });
    expect(rawLine(of)).toBe(
      '{"ts":"2026-01-31T23:59:59.123456789Z","level":"info","component":"api","event_type":"inference",' +
        '"message":"done","container":"shop-api-1","stream":"stdout","rule":"a-rule","tags":["fast"],' +
        '"truncated":true,"data":{ "b":1.0, "a":1e2,"b":"\\u00e9" }}\n',
    );
  });

  it("leaves out what is absent, and keeps the line's text when there is no message", () => {
    const { sink, writers } = createBench();
    const byDefault = { rule: undefined, targets: [raw], drop: false };
    writers.write(record({ text: "Traceback:\n  File", tags: [] }), byDefault);
    expect(sink.files.get("raw/api/log_2026-01-31.jsonl")).toBe(
      '{"ts":"2026-01-31T23:59:59.123456789Z","level":"info","component":"api","message":"Traceback:\\n  File",' +
        '"container":"shop-api-1","stream":"stdout"}\n',
    );
  });

  it("does not repeat the text of a line that is the app's object", () => {
    expect(JSON.parse(rawLine(jsonRecord('{"a":1}')))).not.toHaveProperty("message");
  });

  it("writes an object that has no text of its own", () => {
    expect(rawLine(record({ data: { a: "x" }, dataText: undefined }))).toContain('"data":{"a":"x"}}\n');
  });

  it("puts error and above beside the rest, by component and date of the time zone", () => {
    const { sink, writers } = createBench({ zone: "Europe/Berlin" });
    for (const level of LEVELS) writers.write(record({ level }), decision(raw));
    writers.write(record({ component: "a/b", ts: "2026-01-31T22:59:59.000000000Z" }), decision(raw));
    const lines = Object.fromEntries(
      [...sink.files].map(([path, text]) => [path, text.split("\n").length - 1]),
    );
    expect(lines).toEqual({
      "raw/api/log_2026-02-01.jsonl": 4,
      "raw/api/error_2026-02-01.jsonl": 2,
      [`${writers.folders()[1]}/log_2026-01-31.jsonl`]: 1,
    });
    expect(writers.folders()).toEqual(["raw/api", expect.stringMatching(/^raw\/a_b-[0-9a-f]{16}$/)]);
  });

  it("tells lines apart that differ in one field only, in any order", () => {
    const { sink, writers } = createBench();
    const containers = [container, { ...container, name: "other" }];
    const kinds = containers.flatMap((of) =>
      (["stdout", "stderr"] as const).flatMap((stream) =>
        (["info", "debug"] as const).flatMap((level) =>
          [undefined, "x"].map((event_type) => ({ container: of, stream, level, event_type })),
        ),
      ),
    );
    for (const parts of [...kinds, ...kinds.toReversed()]) writers.write(record(parts), decision(raw));
    const lines = (sink.files.get("raw/api/log_2026-01-31.jsonl") ?? "").trimEnd().split("\n");
    const seen = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(
      seen.map((line) => [line["container"], line["stream"], line["level"], line["event_type"]]),
    ).toEqual(
      [...kinds, ...kinds.toReversed()].map((kind) => [
        kind.container.name,
        kind.stream,
        kind.level,
        kind.event_type,
      ]),
    );
  });

  it("asks the sink once a series while a backlog goes back and forth between dates", () => {
    const { sink, writers } = createBench();
    for (let round = 0; round < 50; round += 1) {
      for (const day of ["29", "30", "31"])
        writers.write(record({ ts: `2026-01-${day}T12:00:00.000000000Z` }), decision(raw));
    }
    expect(sink.opened).toBe(3);
    expect(sink.entries).toBe(150);
  });

  it("shares _other among components beyond the limit", () => {
    const { sink, writers } = createBench({ limit: 1 });
    for (const component of ["a", "b", "c", "a"]) writers.write(record({ component }), decision(raw));
    expect([...sink.files.keys()]).toEqual(["raw/a/log_2026-01-31.jsonl", "raw/_other/log_2026-01-31.jsonl"]);
    expect(sink.files.get("raw/_other/log_2026-01-31.jsonl")).toMatch(/"component":"b".*\n.*"component":"c"/);
  });
});

describe("tagged", () => {
  it("writes the rules' tags and severity behind the record's own tags, each tag once", () => {
    const { sink, writers } = createBench();
    writers.write(record({ tags: ["vip", "auth"] }), decision(tagged));
    writers.write(record(), decision({ ...tagged, retention: "90d", tags: [] }));
    expect(sink.files.get("tagged/permanent/events_2026-01-31.jsonl")).toContain(
      '"stream":"stdout","rule":"login-brute-force,many-logins","tags":["vip","auth","security"],"severity":"high"}\n',
    );
    expect(sink.files.get("tagged/90d/events_2026-01-31.jsonl")).toContain(
      'many-logins","severity":"high"}\n',
    );
  });

  it("never leaves its folder, whatever the retention says", () => {
    const { sink, writers } = createBench();
    writers.write(record(), decision({ ...tagged, retention: "../../etc" }));
    expect([...sink.files.keys()][0]).toMatch(/^tagged\/_[^/]*\/events_2026-01-31\.jsonl$/);
  });
});

describe("every line", () => {
  it("is one line of JSON that says what the record says", () => {
    fc.assert(
      fc.property(anyRecord, (of) => {
        const { sink, writers } = createBench();
        writers.write(of, decision(raw, tagged));
        for (const text of sink.files.values()) {
          expect(text.indexOf("\n")).toBe(text.length - 1);
          const line = JSON.parse(text) as Record<string, unknown>;
          expect(line["component"]).toBe(mended(of.component));
          expect(line["event_type"]).toBe(mended(of.event_type));
          expect(line["message"]).toBe(mended(of.message ?? (of.data === undefined ? of.text : undefined)));
          expect(line["container"]).toBe(mended(of.container.name));
          expect(line["data"]).toEqual(mended(of.data));
        }
      }),
      { numRuns: 500 },
    );
  });

  const missing = requirement("python").missing || requirement("jq").missing;
  it.skipIf(missing)("is read by jq and Python", () => {
    const { sink, writers } = createBench();
    const records = fc.sample(anyRecord, 500);
    for (const of of records) writers.write({ ...of, component: "api", level: "info" }, decision(raw));
    const path = temporaryFile("log.jsonl", sink.files.get("raw/api/log_2026-01-31.jsonl") ?? "");
    expect(runJq(".ts", path)).toHaveLength(records.length);
    const script =
      "import json,sys; print(json.dumps([json.loads(l).get('message') for l in open(sys.argv[1], newline='\\n', encoding='utf-8')]))";
    const messages = records.map(
      ({ message, data, text }) => mended(message ?? (data === undefined ? text : undefined)) ?? null,
    );
    expect(runPython(script, [path])).toEqual(messages);
  });
});
