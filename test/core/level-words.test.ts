import { describe, expect, it } from "vitest";
import {
  levelOfNumber,
  levelOfWord,
  otelLevel,
  pythonLevel,
  syslogLevel,
} from "../../src/core/level-words.js";

describe("levels from words", () => {
  it.each([
    ["trace", "TRACE Trace trce TRC finest FINER silly"],
    ["debug", "debug DEBUG Debug DBG dbug fine FINE verbose D CONFIG"],
    ["info", "info INFO Info information Informational INF notice NOTICE I log success http INFO+2"],
    ["warning", "warn WARN Warning WARNING wrn W"],
    ["error", "error ERROR Err ERR E severe SEVERE fail FAILURE ERROR+1 EROR"],
    ["critical", "critical CRIT fatal FATAL F panic PANIC dpanic emerg EMERGENCY alert FTL"],
    ["debug", "DEBUG5 debug1 DEBUG-1 d2"],
    ["trace", "trace8 [TRACE] <trace>"],
    ["warning", "[WARN] (warning) warn: \u001b[33mwarn\u001b[39m"],
  ])("%s: %s", (level, words) => {
    for (const word of words.split(" ")) expect([word, levelOfWord(word)]).toEqual([word, level]);
  });

  it.each(["", " ", "hello", "constructor", "__proto__", "[]", "7", "-1", "e".repeat(41), "x".repeat(1e6)])(
    "says none: %.20s",
    (word) => expect(levelOfWord(word)).toBeUndefined(),
  );

  it("understands numbers written as text", () => {
    expect(levelOfWord("30")).toBe("info");
    expect(levelOfWord("400")).toBe("error");
  });
});

describe("levels from numbers", () => {
  it.each([
    ["pino and bunyan", [10, 20, 30, 40, 50, 60]],
    ["pino's own levels", [11, 29, 35, 45, 55, 70]],
  ])("%s", (_, numbers) => {
    expect(numbers.map(levelOfNumber)).toEqual(["trace", "debug", "info", "warning", "error", "critical"]);
  });

  it("reads Monolog's hundreds", () => {
    expect([100, 200, 250, 300, 400, 500, 550, 600].map(levelOfNumber)).toEqual([
      "debug",
      "info",
      "info",
      "warning",
      "error",
      "critical",
      "critical",
      "critical",
    ]);
  });

  it("reads slog's four, and nothing between", () => {
    expect([-8, -4, 0, 4, 8].map(levelOfNumber)).toEqual(["trace", "debug", "info", "warning", "error"]);
    for (const value of [-12, -1, 1, 3, 5, 7, 9, 1000, Number.NaN, -Infinity]) {
      expect(levelOfNumber(value)).toBeUndefined();
    }
  });

  it("reads Python's, syslog's and OpenTelemetry's scales", () => {
    expect([5, 10, 20, 25, 30, 40, 50].map(pythonLevel)).toEqual([
      "trace",
      "debug",
      "info",
      "info",
      "warning",
      "error",
      "critical",
    ]);
    expect(pythonLevel(0)).toBeUndefined();
    expect([0, 1, 2, 3, 4, 5, 6, 7, 8].map(syslogLevel)).toEqual([
      "critical",
      "critical",
      "critical",
      "error",
      "warning",
      "info",
      "info",
      "debug",
      undefined,
    ]);
    expect([1, 5, 9, 13, 17, 21].map(otelLevel)).toEqual([
      "trace",
      "debug",
      "info",
      "warning",
      "error",
      "critical",
    ]);
    expect([0, 25, Number.NaN].map(otelLevel)).toEqual([undefined, undefined, undefined]);
  });
});
