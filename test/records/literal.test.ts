import { describe, expect, it } from "vitest";
import { createJoiner } from "../../src/records/joiner.js";
import { readLiteral } from "../../src/records/literal.js";
import { createRedact } from "../../src/records/redact/redact.js";
import { createUnderstand } from "../../src/records/understand.js";
import { sampleContainer, sampleLine } from "./samples.js";

const understand = createUnderstand();
const read = (text: string) => understand(sampleLine(text), sampleContainer());

describe("an event printed as the language shows an object", () => {
  it("is read as Node shows it", () => {
    const text = [
      "{",
      "  message: 'it\\'s \\u00e9t\\u00e9: ' +",
      "    'two halves',",
      '  level: "warn",',
      "  user: { id: 7, tags: [ 'a', 'b', [Object] ], since: undefined },",
      "  [Symbol(level)]: 'warn'",
      "}",
    ].join("\n");
    const record = read(text);
    expect([record.level, record.message]).toEqual(["warning", "it's été: two halves"]);
    expect(JSON.parse(record.dataText ?? "")).toEqual({
      message: "it's été: two halves",
      level: "warn",
      user: { id: 7, tags: ["a", "b", "[Object]"], since: null },
    });
  });

  it("is read as Python shows it", () => {
    const record = read("{'level': 'ERROR', 'msg': \"can't pay\", 'retry': True, 'ids': (1, 2), 'of': None}");
    expect([record.level, record.message]).toEqual(["error", "can't pay"]);
    expect(record.data).toMatchObject({ retry: true, ids: [1, 2], of: null });
  });

  it.each([
    ["no level", "{ message: 'x', user: 7 }"],
    ["no message", "{ level: 'info', user: 7 }"],
    ["a level that is none", "{ level: 'seven', message: 'x' }"],
    ["cut off", "{ level: 'info', message: 'x"],
    ["more behind it", "{ level: 'info', message: 'x' } }"],
    ["a name for a value", "{ level: info(), message: 'x' }"],
    ["too deep", `{ level: 'info', message: 'x', a: ${"[".repeat(40)}${"]".repeat(40)} }`],
  ])("is text as it was: %s", (_, text) => {
    expect(readLiteral(text)).toBeUndefined();
    expect(read(text)).toMatchObject({ message: text, data: undefined });
  });
});

describe("a secret that an escape or an entity hid", () => {
  const counted: string[] = [];
  const count = (kind: string) => counted.push(kind);
  const redacting = createUnderstand({
    redact: createRedact({ redact: "on", redactKeep: { names: [], components: {} } }, count),
  });

  it.each([
    "{ level: 'info', message: 'pass\\x77ord=hunter2pw' }",
    '<Event level="ERROR"><Message>{&quot;password&quot;:&quot;hunter2pw&quot;}</Message></Event>',
    '<Event level="ERROR"><Message>password=&quot;hunter2pw&quot; of bob</Message></Event>',
  ])("is taken out: %s", (text) => {
    const { message, dataText } = redacting(sampleLine(text), sampleContainer());
    expect(message).toContain("[redacted]");
    expect(`${message} ${dataText}`).not.toContain("hunter2");
  });
});

describe("an event printed as an element of XML", () => {
  const lines = [
    "<record>",
    "  <date>2026-11-29T09:00:00Z</date>",
    "  <logger>shop.cart</logger>",
    "  <level>WARNING</level>",
    "  <message>a &lt; b &amp; c</message>",
    "</record>",
  ];

  it("is one record, of which the message is what the element says", () => {
    const joiner = createJoiner(sampleContainer());
    expect([...lines, "next"].map((line) => joiner.relate(line))).toEqual([
      "starts",
      ...Array(5).fill("joins"),
      "starts",
    ]);
    const record = read(lines.join("\n"));
    expect([record.level, record.message, record.data]).toEqual([
      "warning",
      "a < b & c",
      { logger: "shop.cart" },
    ]);
  });

  it("keeps its words where the message is set off as characters", () => {
    const text =
      '<log4j:event logger="shop" level="ERROR" thread="main">\n<log4j:message><![CDATA[a &lt; </b>]]></log4j:message>\n</log4j:event>';
    expect(read(text)).toMatchObject({ level: "error", message: "a &lt; </b>" });
  });

  it("is text where it says no level or no message", () => {
    for (const text of ["<Event level='x'></Event>", '<Event level="INFO"></Event>', "<event>a</event>"])
      expect(read(text).message).toBe(text);
  });
});
