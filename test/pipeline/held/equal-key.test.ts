import { expect, it } from "vitest";
import type { Dedupe } from "../../../src/core/decision.js";
import type { LogRecord } from "../../../src/core/record.js";
import { equalKey } from "../../../src/pipeline/held/equal-key.js";
import { readField } from "../../../src/rules/fields.js";
import { recordAt } from "./world.js";

const BY_ALL: Dedupe = { rule: "r", windowMs: 1_000, by: undefined };

function json(dataText: string): LogRecord {
  return recordAt(0, "m", { data: JSON.parse(dataText), dataText, text: dataText });
}

function isEqual(a: LogRecord, b: LogRecord, dedupe = BY_ALL): boolean {
  return equalKey(a, dedupe) === equalKey(b, dedupe);
}

it.each([
  ["the same", '{"a":1}', '{"a":1}'],
  ["other times", '{"ts":1,"a":1}', '{"ts":2,"a":1}'],
  ["times of any kind", '{"a":1,"@timestamp":"2026-01-31T23:59:59Z"}', '{"a":1,"@timestamp":null}'],
  ["times in capitals", '{"Time":{"s":1},"a":1}', '{"Time":{"s":2},"a":1}'],
  ["times under metadata", '{"metadata":{"timestamp":1,"x":2}}', '{"metadata":{"timestamp":3,"x":2}}'],
  ["MongoDB's time", '{"t":{"$date":"a"},"s":"I"}', '{"t":{"$date":"b"},"s":"I"}'],
])("equal: %s", (_name, a, b) => {
  expect(isEqual(json(a), json(b))).toBe(true);
});

it.each([
  ["a value", '{"a":1}', '{"a":2}'],
  ["numbers that doubles can't tell apart", '{"id":12345678901234567890}', '{"id":12345678901234567891}'],
  ["a time and none", '{"ts":1,"a":1}', '{"a":1}'],
  ["a time elsewhere", '{"order":{"time":1}}', '{"order":{"time":2}}'],
  ["a `t` that is no time", '{"t":1}', '{"t":2}'],
])("not equal: %s", (_name, a, b) => {
  expect(isEqual(json(a), json(b))).toBe(false);
});

it("asks for level, component, event type, message and container, not for stream and time", () => {
  const record = recordAt(0, "m");
  for (const [name, value] of Object.entries({
    level: "error",
    component: "x",
    event_type: "y",
    message: "z",
  })) {
    expect(isEqual(record, { ...record, [name]: value })).toBe(false);
  }
  expect(isEqual(record, { ...record, container: { ...record.container, id: "c2" } })).toBe(false);
  expect(isEqual(record, { ...record, ts: "2026-01-31T23:59:59.999999999Z", stream: "stderr" })).toBe(true);
  const bare = { ...record, message: undefined };
  expect(isEqual(bare, { ...bare, text: "other" })).toBe(false);
});

it("asks for nothing but `by` where a rule names it", () => {
  const byUser: Dedupe = { ...BY_ALL, by: [readField("user"), readField("id")] };
  const record = json('{"user":"ann","id":12345678901234567890,"a":1}');
  expect(isEqual(record, json('{"user":"ann","id":12345678901234567890,"a":2}'), byUser)).toBe(true);
  expect(isEqual(record, json('{"user":"ann","id":12345678901234567891,"a":1}'), byUser)).toBe(false);
  expect(isEqual(record, json('{"id":"ann","user":12345678901234567890}'), byUser)).toBe(false);
  expect(isEqual(json("{}"), json('{"user":"null"}'), byUser)).toBe(false);
  expect(equalKey(record, byUser)).not.toBe(equalKey(record, { ...byUser, rule: "r2" }));
});
