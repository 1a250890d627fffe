import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withoutColours } from "../../src/core/colours.js";
import { LEVELS, type LogRecord } from "../../src/core/record.js";
import { createUnderstand } from "../../src/records/understand.js";
import { captured } from "./captured.js";
import { sampleContainer, sampleLine } from "./samples.js";

const programs = ["pino", "structlog", "python-logging", "uvicorn", "nginx", "apache", "postgresql", "redis"];
const pool = programs.flatMap((name) => captured(`lines/${name}`));

const names = fc.constantFrom(
  "level",
  "msg",
  "message",
  "event",
  "component",
  "service",
  "tags",
  "category",
  "@mt",
  "log",
  "s",
  "x",
);
const object = fc.dictionary(fc.oneof(names, fc.string()), fc.jsonValue({ maxDepth: 3 }));

/** Genuine lines, cut and stuck together; objects with the known names and any values; any text at all. */
const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  object.map((value) => JSON.stringify(value)),
  fc
    .tuple(fc.constantFrom(...pool), fc.constantFrom(...pool), fc.nat(120), fc.nat(120))
    .map(([first, second, end, start]) => `${first.slice(0, end)}${second.slice(start)}`),
);

function check(record: LogRecord, text: string): void {
  expect(LEVELS).toContain(record.level);
  expect(record.component).not.toBe("");
  expect(record.component.length).toBeLessThanOrEqual(200);
  expect(record.text).toBe(withoutColours(text));
  expect(typeof (record.message ?? "")).toBe("string");
  expect(record.data === undefined).toBe(record.dataText === undefined);
  if (record.dataText !== undefined) {
    expect(record.dataText).not.toMatch(/[\n\r]/);
    expect(JSON.parse(record.dataText)).toEqual(record.data);
  }
  if (record.data === undefined) expect(record.message).toBeDefined();
}

describe("whatever a line says", () => {
  it("becomes a record whose data is one line of JSON", () => {
    const understand = createUnderstand();
    const container = sampleContainer();
    fc.assert(
      fc.property(anyText, fc.boolean(), (text, toStderr) => {
        check(understand(sampleLine(text, toStderr ? "stderr" : "stdout"), container), text);
      }),
      { numRuns: 2_000 },
    );
  });

  it("has every key of a record, in one order", () => {
    const understand = createUnderstand();
    const keys = ["", "text", '{"level":"info","component":"a","tags":["b"]}', "INFO:a:b", "a=1 b=2"].map(
      (text) => Object.keys(understand(sampleLine(text), sampleContainer())).join(),
    );
    expect(new Set(keys).size).toBe(1);
  });
});
