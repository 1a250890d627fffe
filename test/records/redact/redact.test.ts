import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SECRET_PAIRS, SECRET_WORDS } from "../../../src/records/redact/name-lists.js";
import { redactLine } from "../../../src/records/redact/redact.js";
import { createUnderstand } from "../../../src/records/understand.js";
import { captured } from "../captured.js";
import { sampleContainer, sampleLine } from "../samples.js";
import { JSON_CASES, JSON_NEAR_MISSES, NEAR_MISSES, TEXT_CASES } from "./cases.js";
import { EVERYDAY_INNOCENTS, EVERYDAY_SECRETS, SECRETS_THAT_GET_BY } from "./everyday.js";

const redact = (text: string) => redactLine(text, () => undefined);

describe("a secret goes, and nothing else", () => {
  it.each([...TEXT_CASES])("text: %s: %s", (_, text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it.each([...JSON_CASES])("JSON: %s: %s", (_, text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it.each([...NEAR_MISSES, ...JSON_NEAR_MISSES])("stays: %s", (text) => {
    expect(redact(text)).toBe(text);
    expect(redact(`{"message":${JSON.stringify(text)}}`)).toBe(`{"message":${JSON.stringify(text)}}`);
  });

  it.each([...TEXT_CASES])("in a string of JSON: %s: %s", (_, text, expected) => {
    const line = (value: string) => `{"a": 1,"b":[${JSON.stringify(value)}]}`;
    expect(redact(line(text))).toBe(line(expected));
  });
});

/** A marked line as it is printed, and as it may be stored; a number of JSON that went is a text then. */
function marked(line: string): readonly [printed: string, stored: string] {
  const stored = line.replace(/«[^»]*»/g, "[redacted]").replace(/:\[redacted\](?=[,}])/g, ':"[redacted]"');
  return [line.replace(/[«»]/g, ""), stored];
}

describe("of everyday lines", () => {
  it.each(Object.entries(EVERYDAY_SECRETS))("secrets go: %s", (_, lines) => {
    for (const [printed, stored] of lines.map(marked)) expect(redact(printed)).toBe(stored);
  });

  it.each(Object.entries(EVERYDAY_SECRETS))("secrets go inside a string of JSON: %s", (_, lines) => {
    const wrapped = (msg: string) => JSON.stringify({ level: "info", msg });
    for (const [printed, stored] of lines.map(marked)) expect(redact(wrapped(printed))).toBe(wrapped(stored));
  });

  it.each(Object.entries(EVERYDAY_INNOCENTS))("innocent ones stay: %s", (_, lines) => {
    for (const line of [...lines, ...lines.map((each) => JSON.stringify({ level: "info", msg: each }))])
      expect(redact(line)).toBe(line);
  });

  it("these get by, as the page says", () => {
    for (const line of SECRETS_THAT_GET_BY) expect(redact(line)).toBe(line);
  });
});

describe("every name that the page lists", () => {
  const pairs = Object.entries(SECRET_PAIRS).flatMap(([last, before]) =>
    before.map((word) => [word, last] as const),
  );
  const names = [...SECRET_WORDS.map((word) => [word] as const), ...pairs];
  const upper = (word: string) => word[0]?.toUpperCase() + word.slice(1);
  const spellings: readonly ((words: readonly string[]) => string)[] = [
    (words) => words.join("_"),
    (words) => words.join("-"),
    (words) => words.join("."),
    (words) => words.map(upper).join(""),
    (words) => words.join("_").toUpperCase(),
    (words) => [words[0], ...words.slice(1).map(upper)].join(""),
    (words) => `x_${words.join("_")}2`,
  ];

  it.each(names.map((words) => [words.join(" "), words] as const))(
    "%s, however it is spelled",
    (_, words) => {
      for (const spell of spellings) {
        const name = spell(words);
        expect(redact(`{"${name}":"v41"}`)).toBe(`{"${name}":"[redacted]"}`);
        expect(redact(`a ${name}=v41`)).toBe(`a ${name}=[redacted]`);
      }
      expect(redact(`${words.join(" ")}: v41`)).toBe(`${words.join(" ")}: [redacted]`);
    },
  );
});

describe("for any line", () => {
  const pieces = [...TEXT_CASES, ...JSON_CASES].map(([, text]) => text);
  const anyText = fc
    .array(
      fc.oneof(
        fc.constantFrom(...pieces, ...NEAR_MISSES),
        fc.string({ unit: "binary" }),
        fc.constantFrom('"', "{", "\\", " ", "="),
      ),
    )
    .map((parts) => parts.join(""));

  it("a second time changes nothing", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const once = redact(text);
        expect(redact(once)).toBe(once);
      }),
      { numRuns: 2_000 },
    );
  });

  it("the object is what its text says", () => {
    const understand = createUnderstand();
    const object = fc.dictionary(
      fc.oneof(fc.constantFrom("password", "a", "token", "msg"), fc.string()),
      fc.oneof(anyText, fc.jsonValue({ maxDepth: 3 })),
    );
    fc.assert(
      fc.property(object, (data) => {
        const record = understand(sampleLine(redact(JSON.stringify(data))), sampleContainer());
        expect(record.data).toEqual(JSON.parse(record.dataText ?? ""));
      }),
    );
  });

  it("genuine lines of programs stay", () => {
    for (const program of [
      "pino",
      "structlog",
      "python-logging",
      "uvicorn",
      "nginx",
      "apache",
      "postgresql",
      "redis",
    ]) {
      for (const line of captured(`lines/${program}`)) expect(redact(line)).toBe(line);
    }
  });
});
