import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LogRecord } from "../../../src/core/record.js";
import { redactPaths } from "../../../src/records/edit/redact-paths.js";
import { createUnderstand } from "../../../src/records/understand.js";
import { readField } from "../../../src/rules/fields.js";
import { sampleContainer, sampleLine } from "../samples.js";

const understand = createUnderstand();
const recordOf = (text: string): LogRecord => understand(sampleLine(text), sampleContainer());

/** All that can be written of a record. */
const everything = (record: LogRecord) => JSON.stringify({ ...record, ts: 0, container: 0 });

function redacted(text: string, ...paths: string[]): LogRecord {
  const record = recordOf(text);
  redactPaths(record, paths);
  if (record.dataText !== undefined) expect(record.data).toEqual(JSON.parse(record.dataText));
  return record;
}

describe("a path takes a value out of the object, and nothing else", () => {
  it.each([
    ["an exact key", '{"a": 1.0, "b":"x" }', "b", '{"a": 1.0, "b":"[redacted]" }'],
    ["a key with dots before a path", '{"a.b":1,"a":{"b":2}}', "a.b", '{"a.b":"[redacted]","a":{"b":2}}'],
    ["a path", '{"a":{"b":2,"c":3}}', "a.b", '{"a":{"b":"[redacted]","c":3}}'],
    ["below metadata", '{"metadata":{"ip":"1.2.3.4"}}', "ip", '{"metadata":{"ip":"[redacted]"}}'],
    [
      "each element",
      '{"u":[{"n":"a"},[{"n":"b"}],{"o":1}]}',
      "u.n",
      '{"u":[{"n":"[redacted]"},[{"n":"[redacted]"}],{"o":1}]}',
    ],
    ["an object as a whole", '{"u":{"n":[1,"}"]},"z":1e2}', "u", '{"u":"[redacted]","z":1e2}'],
    ["a key that stands twice", '{"b":"x","b":"y"}', "b", '{"b":"[redacted]","b":"[redacted]"}'],
    ["a key with escapes", '{"\\u0062":"x\\"y"}', "b", '{"\\u0062":"[redacted]"}'],
    ["the app's own", '{"stream":"x"}', "data.stream", '{"stream":"[redacted]"}'],
    ["nothing where nothing is", '{"a":12345678901234567890}', "b", '{"a":12345678901234567890}'],
  ])("%s", (_, text, path, expected) => {
    const record = redacted(text, path);
    expect(record.dataText).toBe(expected);
    expect(record.text).toBe(expected);
  });
});

describe("what else says the same goes with it", () => {
  it("a message that was read from the object", () => {
    const record = redacted('{"msg":"pin 1234","level":"warn"}', "msg");
    expect(record.message).toBe("[redacted]");
    expect(record.level).toBe("warning");
  });

  it("the object's member where the record's message is named", () => {
    const record = redacted('{"msg":"\\u001b[31mpin\\u001b[0m 1234","x":"pin"}', "message");
    expect(record.message).toBe("[redacted]");
    expect(record.dataText).toBe('{"msg":"[redacted]","x":"pin"}');
  });

  it("an object that is the message", () => {
    const record = redacted('{"message": {"pin": 1234}}', "data.message");
    expect(record.message).toBe("[redacted]");
    expect(record.dataText).toBe('{"message": "[redacted]"}');
  });

  it("component, event type and tags", () => {
    const record = redacted(
      '{"component":"a","event_type":"b","tags":["c"]}',
      "component",
      "event_type",
      "tags",
    );
    expect([record.component, record.event_type, record.tags]).toEqual([
      "[redacted]",
      "[redacted]",
      ["[redacted]"],
    ]);
    expect(record.dataText).toBe('{"component":"[redacted]","event_type":"[redacted]","tags":"[redacted]"}');
  });

  it("a text line's own words", () => {
    const record = redacted('level=info msg="user bob in" user=bob bobby=1 port=1', "user", "port");
    expect(record.text).toBe(
      'level=info msg="user [redacted] in" user=[redacted] bobby=[redacted] port=[redacted]',
    );
    expect(record.message).toBe("user [redacted] in");
    expect(record.data).toMatchObject({ user: "[redacted]", port: "[redacted]" });
  });

  it("JSON behind a prefix", () => {
    const record = redacted('INFO:root:{"user":{"name":"Bob"},"n":1}', "user");
    expect(everything(record)).not.toContain("Bob");
    expect(record.data).toMatchObject({ user: "[redacted]", n: 1 });
  });

  it.each([
    [
      "a word of the message",
      '{"msg":"login by ann@x.org ok","user":{"mail":"ann@x.org"}}',
      "user.mail",
      "ann",
    ],
    ["a number in it", '{"msg":"paid with 4711","note":{"n":["card 4711"]},"card":4711}', "card", "4711"],
    ["a number that is read", '{"msg":"took 7.5 of it","dose":7.50}', "dose", "7.5"],
    [
      "coloured words",
      '{"msg":"\\u001b[31m4711\\u001b[0m","n":"\\u001b[1m4711\\u001b[0m","a":"4711"}',
      "a",
      "4711",
    ],
    ["the message's own member, colours and all", '{"msg":" \\u001b[31mpin\\u001b[0m 12 "}', "msg", "12"],
    [
      "what is inside of it",
      '{"msg":"hello Ann, 42","user":{"name":"Ann","ids":[42],"on":true}}',
      "user",
      "Ann",
    ],
    ["an object that is the message", '{"message":{"pin":"1234"},"pin":"1234"}', "pin", "1234"],
    ["the type that is the event's", '{"type":"login:ann","msg":"m"}', "data.type", "ann"],
    ["a word of it, and of tags", '{"type":"login:ann","tags":["by ann"],"who":"ann"}', "who", "ann"],
    ["the component", '{"service":"ann","msg":"m"}', "service", "ann"],
    ["another field of a text line", 'card=4711 note="card 4711 used" msg=hello', "card", "4711"],
  ])("%s", (_, text, path, secret) => {
    expect(everything(redacted(text, path))).not.toContain(secret);
  });

  it("no part of a longer word, no number and no key", () => {
    const text = '{"msg":"card 47110","n":4711,"4711":"x","on":"true","card":{"no":"4711","on":true}}';
    expect(redacted(text, "card")).toMatchObject({
      message: "card 47110",
      dataText: text.replace('{"no":"4711","on":true}', '"[redacted]"'),
    });
  });

  it.each(["-", " ", "", "[]", "null"])("nothing for a value that says nothing: `%s`", (value) => {
    const text = JSON.stringify({ msg: "[] 2026-01-31 - null", a: value });
    expect(redacted(text, "a")).toMatchObject({
      message: "[] 2026-01-31 - null",
      dataText: '{"msg":"[] 2026-01-31 - null","a":"[redacted]"}',
    });
  });

  it("the component only where the line says it", () => {
    const { component } = recordOf('{"msg":"m"}');
    expect(redacted(JSON.stringify({ who: component }), "who").component).toBe(component);
  });

  it("at any depth", () => {
    const deep = `${"[".repeat(150)}"pin 1234"${"]".repeat(150)}`;
    const record = recordOf(`{"pin":"1234","x":${deep}}`);
    redactPaths(record, ["pin"]);
    expect(record.dataText?.includes("1234")).toBe(false);
  });

  it("a text line's message, and its text as far as it says it", () => {
    expect(redacted("hello", "message")).toMatchObject({ message: "[redacted]", text: "[redacted]" });
    expect(redacted("hello", "nothing")).toMatchObject({ message: "hello", text: "hello" });
  });

  it("the whole text, where there are very many values", () => {
    const items = JSON.stringify(Array.from({ length: 500 }, (_, n) => ({ n: `v${n}` })));
    const record = redacted(`INFO:root:{"items":${items}}`, "items.n");
    expect(record.text).toBe("[redacted]");
    expect(record.dataText).not.toContain("v17");
    const object = redacted(`{"msg":"has v17","x":"v17","items":${items}}`, "items.n");
    expect(object.message).toBe("[redacted]");
    expect(object.dataText).not.toContain("v17");
  });
});

describe("for any object and any path", () => {
  const key = fc.constantFrom("a", "b", "a.b", "metadata", "message", "c");
  const { object } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<unknown>("s", 1, true, 'x"}', 1.5),
      fc.array(tie("value"), { maxLength: 3 }),
      tie("object"),
    ),
    object: fc.dictionary(key, tie("value"), { maxKeys: 4 }),
  }));
  const path = fc.array(fc.constantFrom("a", "b", "c", "metadata"), { minLength: 1, maxLength: 3 });

  it("finds what rules find, and changes nothing where they find nothing", () => {
    fc.assert(
      fc.property(object, path, (data, parts) => {
        const name = parts.join(".");
        const text = JSON.stringify(data);
        const before = readField(name)(recordOf(text));
        const record = redacted(text, name);
        const after = [readField(name)(record)].flat(64);
        if (before === undefined) expect(record.dataText).toBe(text);
        else expect(new Set(after)).toEqual(new Set(["[redacted]"]));
      }),
      { numRuns: 1_000 },
    );
  });

  it("a second time changes nothing", () => {
    fc.assert(
      fc.property(object, path, (data, parts) => {
        const once = redacted(JSON.stringify(data), parts.join("."));
        const twice = redacted(once.dataText ?? "", parts.join("."));
        expect(twice.dataText).toBe(once.dataText);
      }),
    );
  });
});
