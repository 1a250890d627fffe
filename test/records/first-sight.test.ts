import { describe, expect, it } from "vitest";
import { createUnderstand } from "../../src/records/understand.js";
import { captured } from "./captured.js";
import { events } from "./events.js";
import { sampleContainer, sampleLine } from "./samples.js";

/** Programs that were tried when the grammar was written, and beside each the levels of its first records and the first message. */
const programs: readonly (readonly [name: string, levels: string, message: string])[] = [
  ["signale", "debug info info info warning error critical error info", "a debug line"],
  ["tracer", "info trace debug", "<log> app.cjs:1"],
  ["logtape", "info trace debug info", "logtape·meta LogTape loggers are configured."],
  ["loglevel-prefix", "debug info info warning error warning error", "a debug line"],
  ["jet-logger", "info info warning error error info", "an info"],
  [
    "python-handlers",
    "debug info warning error critical info error debug info warning error critical info error",
    "a debug line",
  ],
  ["dnsmasq", "info info info", "started, version 2.90 cachesize 150"],
  ["unbound", "info info info", "init module 0: subnetcache"],
  ["tinyproxy", "info info info warning info", "Initializing tinyproxy ..."],
  ["electron-log", "info info info info info info", "a silly line"],
  ["fancy-log", "info info info", "a line"],
];

describe("programs that nobody had described", () => {
  it.each(programs)("%s", (name, levels, message) => {
    const understand = createUnderstand();
    const records = events(captured(`lines/${name}`)).map((event) =>
      understand(sampleLine(event.join("\n")), sampleContainer()),
    );
    const expected = levels.split(" ");
    expect(records.slice(0, expected.length).map(({ level }) => level)).toEqual(expected);
    expect(records[0]?.message?.startsWith(message)).toBe(true);
    // No message begins with what its head said.
    for (const { message: said } of records)
      expect(said).not.toMatch(/^(?:\d{4}-|\d\d:\d\d:|\[?[A-Z]{4,8}\b[ \]:])/);
  });
});
