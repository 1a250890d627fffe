import { describe, expect, it } from "vitest";
import { compileQuery } from "../../src/search/query.js";

function holds(words: string, record: object, where?: string): boolean {
  const text = JSON.stringify({
    ts: "2026-01-31T00:00:00.000000000Z",
    level: "info",
    component: "api",
    ...record,
  });
  return compileQuery({ words, where }).test({
    ts: "",
    text,
    path: "raw/api/log.jsonl",
    at: 0,
    header: undefined,
  });
}

describe("words", () => {
  it.each([
    ["timeout", "a Timeout of 5 s", true],
    ["timeout", "timeouts", false],
    ["timeout*", "timeouts", true],
    ["*out", "timeout", true],
    ["out", "timeout", false],
    ['"imeou"', "timeout", true],
    ["timeout -debug", "timeout in debug", false],
    ["5 s", "a timeout of 5 s", true],
    ["10.0.0.7", "from 10.0.0.71", false],
    ["10.0.0.7", "from 10.0.0.7:80", true],
    ["비밀번호", "비밀번호를 잊음", true],
    ["api키", "새 API키를", true],
    ["ÉTÉ", "un été", true],
    ['"say \\"hi\\""', 'they say "hi"', true],
    ["C:\\temp", "in C:\\temp\\a", true],
    ["a+b", "a+b", true],
    ["a+b", "aab", false],
  ])("%s in %s: %s", (words, message, is) => {
    expect(holds(words, { message })).toBe(is);
  });
});

describe("fields", () => {
  const record = {
    level: "warning",
    message: "failed",
    container: "api-1",
    rule: "login",
    tags: ["auth"],
    data: { attempts: 7, user: { name: "bob" }, metadata: { confidence: 0.5 }, level: "own" },
  };
  it.each([
    ["level:warning", true],
    ["level:>=warning", true],
    ["level:WARN", true],
    ["level:>=wrn", true],
    ["level:<err", true],
    ["level:>=error", false],
    ["attempts:7", true],
    ["attempts:>7", false],
    ["-attempts:>7", true],
    ["user.name:BOB", true],
    ["user.name:b*", true],
    ["confidence:>=0.5", true],
    ["tags:auth", true],
    ["rule:login container:api-1 container.name:api-1", true],
    ["data.level:own", true],
    ["nothing:at", false],
  ])("%s: %s", (words, is) => {
    expect(holds(words, record)).toBe(is);
  });

  it("of the rules' language, as people type it and as YAML", () => {
    expect(holds("", record, "level|gte: warning, message|startswith: fail")).toBe(true);
    expect(holds("failed", record, "{a: {attempts|lt: 5}, b: {rule: x}, condition: a or b}")).toBe(false);
    expect(holds("", record, "[{attempts: 1}, {attempts: 7}]")).toBe(true);
  });

  it.each(["level|nope: 1", "{a: [", "attempts|gte: many"])("where %s is refused", (where) => {
    expect(() => holds("", record, where)).toThrow(/SETTINGS_INVALID/);
  });

  it("a field that YAML sees no value in is refused, for nearly every record lacks it", () => {
    expect(() => holds("", record, "message:done")).toThrow(/`message: done`, with a space/);
    expect(holds("", record, "nothing: null")).toBe(true);
  });
});
