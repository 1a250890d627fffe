import { expect, it } from "vitest";
import { RecordLine, tagsMark } from "../../src/categories/record-line.js";
import { marksOf } from "../../src/categories/tagged.js";
import type { LogRecord } from "../../src/core/record.js";
import { readStored } from "../../src/reading/stored-record.js";
import { createUnderstand } from "../../src/records/understand.js";
import { containerFrom } from "../../src/rules/test-record.js";

const understand = createUnderstand();
const container = containerFrom({ name: "api-1", labels: { "com.docker.compose.service": "api" } });
const options = { understand, containerOf: () => container };

function record(text: string): LogRecord {
  const ts = "2026-01-31T23:59:59.123456789Z";
  return understand({ ts, stream: "stderr", text, lines: 1, truncated: false, replaced: false }, container);
}

const JSON_LINES = [
  '{"level":"warn","message":"slow","ms":740}',
  '{"event_type":"fill","price": 97000.5, "note":"a,\\"data\\":{"}',
  '{"level":30,"time":1,"msg":"pino \\"quoted\\"","name":"shop"}',
  '{"category":"tagged","level":"ERROR","component":"risk","message":"m","tags":["own"],"metadata":{"x":1}}',
  '{"@t":"2026-01-31T23:59:59Z","@mt":"Hello {Name}","Name":"Ann"}',
  '{"data":{"data":{}}}',
  "{}",
];

it.each(JSON_LINES)("gives the record of a JSON line back whole: %s", (text) => {
  const printed = record(text);
  const raw = new RecordLine().format(printed, "a,b", tagsMark(printed.tags)).trimEnd();
  expect(readStored(raw, "raw", options)).toEqual({ record: printed, rule: "a,b" });
});

it("leaves the tags of rules out", () => {
  const printed = record('{"message":"m","tags":["own"]}');
  const target = {
    category: "tagged",
    rule: "r",
    tags: ["rule"],
    severity: "high",
    retention: "permanent",
  } as const;
  const line = new RecordLine().format(printed, "r", marksOf(["own", "rule"], target)).trimEnd();
  expect(readStored(line, "tagged", options)).toEqual({ record: printed, rule: "r" });
});

it.each([
  "plain words",
  '10.0.0.9 - - [31/Jan/2026:23:59:59 +0000] "GET /a?b=1 HTTP/1.1" 200 12 "-" "curl/8"',
])("gives the record of a line of text back whole: %s", (text) => {
  const printed = record(text);
  const raw = new RecordLine().format(printed, undefined, "").trimEnd();
  expect(readStored(raw, "raw", options)).toEqual({ record: printed, rule: undefined });
});

it("has the message for the text where a prefix was read out of it", () => {
  const printed = record("2026-01-31 23:59:59,123 - shop.cart - WARNING - empty");
  expect(printed).toMatchObject({ level: "warning", message: "empty" });
  const raw = new RecordLine().format(printed, undefined, "").trimEnd();
  expect(readStored(raw, "raw", options)?.record).toEqual({ ...printed, text: "empty" });
});

it.each(["", "no JSON", "{}", '{"ts":"x","level":"loud"}'])(
  "takes a line that is none of ours for nothing: %s",
  (text) => {
    expect(readStored(text, "raw", options)).toBeUndefined();
  },
);

it("knows how many records one stands for, in the fields' order", () => {
  const printed = {
    ...record("slow"),
    repeated: 3,
    last_ts: "2026-02-01T00:00:01.000000000Z",
    truncated: true,
  };
  const tags = ["a"];
  const raw = new RecordLine().format({ ...printed, tags }, "r", tagsMark(tags)).trimEnd();
  expect(Object.keys(JSON.parse(raw))).toEqual(
    "ts level component message container stream rule tags repeated last_ts truncated".split(" "),
  );
  expect(readStored(raw, "raw", options)?.record).toMatchObject({ ...printed, tags });
});
