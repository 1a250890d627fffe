import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createUnderstand } from "../../src/records/understand.js";
import { captured } from "./captured.js";
import { events } from "./events.js";
import { sampleContainer, sampleLine } from "./samples.js";

const names = readdirSync(new URL("captured/traces/", import.meta.url)).map((file) =>
  file.replace(".txt", ""),
);

/** Those that are not an error, or worse than one. */
const others: Readonly<Record<string, string>> = {
  "python-warning": "warning",
  "node-warning": "warning",
  "node-object": "info",
  "php-warning": "warning",
  "php-uncaught": "critical",
  "go-index": "critical",
  "go-nil": "critical",
  "go-repanic": "critical",
  "go-deadlock": "critical",
};

describe("the level of what failing programs printed", () => {
  it.each(names)("%s", (name) => {
    const understand = createUnderstand();
    const records = events(captured(`traces/${name}`)).map((event) =>
      understand(sampleLine(event.join("\n"), "stderr"), sampleContainer()),
    );
    // The trace is the event that has most characters: nothing else in these files is as long.
    const trace = records.reduce((most, record) => (record.text.length > most.text.length ? record : most));
    expect(trace.level).toBe(others[name] ?? "error");
  });

  it("leaves the lines around them as they are", () => {
    const understand = createUnderstand();
    const levels = ["before", "after", "end"].map(
      (text) => understand(sampleLine(text, "stderr"), sampleContainer()).level,
    );
    expect(levels).toEqual(["info", "info", "info"]);
  });
});
