import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LogRecord } from "../../../src/core/record.js";
import { type FieldValue, setFields } from "../../../src/records/edit/set-fields.js";
import { createUnderstand } from "../../../src/records/understand.js";
import { readField } from "../../../src/rules/fields.js";
import { sampleContainer, sampleLine } from "../samples.js";

const understand = createUnderstand();

function withSet(text: string, fields: Record<string, FieldValue>): LogRecord {
  const record = understand(sampleLine(text), sampleContainer());
  const shared = record.data;
  const before = structuredClone(shared);
  setFields(record, fields);
  expect(shared).toEqual(before);
  if (record.dataText !== undefined) expect(record.data).toEqual(JSON.parse(record.dataText));
  return record;
}

describe("the record's own fields", () => {
  it("are set on the record, and the object stays", () => {
    const text = '{"level":"info","msg":"m"}';
    const record = withSet(text, {
      level: "error",
      component: "c",
      event_type: 5,
      message: "n",
      tags: ["a", 1],
    });
    expect(record).toMatchObject({
      level: "error",
      component: "c",
      event_type: "5",
      message: "n",
      tags: ["a", "1"],
      dataText: text,
      text,
    });
  });

  it("stay as they were where the value cannot be theirs", () => {
    const record = withSet('{"event_type":"e"}', { level: "loud", component: null, event_type: { a: 1 } });
    expect(record).toMatchObject({ level: "info", component: "api", event_type: "e" });
  });

  it("can be taken away", () => {
    const record = withSet('{"event_type":"e","message":"m","tags":["a"]}', {
      event_type: null,
      message: null,
      tags: null,
    });
    expect([record.event_type, record.message, record.tags]).toEqual([undefined, undefined, undefined]);
  });
});

describe("other fields become members of the object, and nothing else changes", () => {
  it.each<[string, string, Record<string, FieldValue>, string]>([
    ["a new one", '{"a": 1.0}', { b: "x" }, '{"a": 1.0,"b":"x"}'],
    ["the first one", "{ }", { b: [1, null] }, '{ "b":[1,null]}'],
    ["in place of an old one", '{"b":{"c":1}, "d":1e3}', { b: 2 }, '{"b":2, "d":1e3}'],
    ["in place of both of a doubled key", '{"b":1,"b":2}', { b: 3 }, '{"b":3,"b":3}'],
    ["a path that is there", '{"a":{"b":1}}', { "a.b": 2 }, '{"a":{"b":2}}'],
    [
      "a path that is there in part",
      '{"a":{"x":1},"z":0}',
      { "a.b.c": 2 },
      '{"a":{"x":1,"b":{"c":2}},"z":0}',
    ],
    ["a path that is not there", "{}", { "a.b": 2 }, '{"a":{"b":2}}'],
    ["a path that is barred", '{"a":"text"}', { "a.b": 2 }, '{"a":"text","a.b":2}'],
    ["where metadata has it", '{"metadata":{"env":"x"}}', { env: "prod" }, '{"metadata":{"env":"prod"}}'],
    ["the app's own message", '{"message":"m"}', { "data.message": "n" }, '{"message":"n"}'],
    [
      "what JavaScript would take for something else",
      "{}",
      { __proto__x: 1, constructor: 2 },
      '{"__proto__x":1,"constructor":2}',
    ],
    ["several", '{"a":1}', { b: true, c: { d: "é" } }, '{"a":1,"b":true,"c":{"d":"é"}}'],
  ])("%s", (_, text, fields, expected) => {
    expect(withSet(text, fields).dataText).toBe(expected);
  });

  it("a text line gets an object", () => {
    const record = withSet("hello", { env: "prod" });
    expect(record).toMatchObject({ message: "hello", text: "hello", dataText: '{"env":"prod"}' });
  });

  it("what is set is what rules find, for any object and any name", () => {
    const key = fc.constantFrom("a", "b", "a.b", "metadata", "", "c");
    const data = fc.dictionary(key, fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constant({ a: { b: 1 } })));
    const name = fc.array(fc.constantFrom("a", "b", "c", "d"), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(data, name, fc.jsonValue({ maxDepth: 1 }), (object, parts, value) => {
        const wanted = JSON.parse(JSON.stringify(value)) as FieldValue;
        const record = withSet(JSON.stringify(object), { [parts.join(".")]: wanted });
        const found = readField(parts.join("."))(record);
        // Where the name leads through arrays, all that it finds is given.
        expect(Array.isArray(found) ? [found, ...found, ...found.flat(64)] : [found]).toContainEqual(wanted);
      }),
      { numRuns: 1_000 },
    );
  });
});
