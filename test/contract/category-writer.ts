import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Target } from "../../src/core/decision.js";
import { createBench, decision, jsonRecord, record } from "../categories/samples.js";

interface CategoryCase {
  /** Makes the target anew, as a reload of the rules does. */
  readonly target: () => Target;
  /** An app's object that is fit for the category. */
  readonly dataText: string;
  /** The paths below the log folder for records of 31 January and 1 February 2026. */
  readonly paths: readonly [string, string];
}

const JANUARY = "2026-01-31T23:59:59.999999999Z";
const FEBRUARY = "2026-02-01T00:00:00.000000000Z";

/** What holds for every category: run by each writer's test. */
export function describeCategoryWriter(name: string, { target, dataText, paths }: CategoryCase): void {
  describe(`${name} as a category`, () => {
    it("hands over one whole entry for each record, and says so", () => {
      const { sink, writers, context } = createBench();
      const decided = decision(target());
      for (let n = 0; n < 5; n += 1) expect(writers.write(jsonRecord(dataText), decided)).toBe(1);
      expect(sink.entries).toBe(5);
      expect(context.telemetry.counters.get("records_written_total", name)).toBe(5);
      for (const text of sink.appended) expect(text.endsWith("\n")).toBe(true);
    });

    it("goes by the record's date in the calendar's zone", () => {
      for (const [zone, dates] of [
        ["UTC", paths],
        ["Europe/Berlin", [paths[1], paths[1]]],
        ["America/New_York", [paths[0], paths[0]]],
      ] as const) {
        const { sink, writers } = createBench({ zone });
        const decided = decision(target());
        writers.write(jsonRecord(dataText, { ts: JANUARY }), decided);
        writers.write(jsonRecord(dataText, { ts: FEBRUARY }), decided);
        expect(sink.paths()).toEqual([...new Set(dates)]);
      }
    });

    it("asks the sink once for each date, however a backlog jumps", () => {
      const { sink, writers } = createBench();
      const decided = decision(target());
      for (let n = 0; n < 20; n += 1)
        writers.write(jsonRecord(dataText, { ts: n % 2 ? JANUARY : FEBRUARY }), decided);
      expect(sink.opened).toBe(2);
      expect(sink.entries).toBe(20);
    });

    it("goes on in the same files after the rules were read again", () => {
      const { sink, writers } = createBench();
      for (let n = 0; n < 3; n += 1) writers.write(jsonRecord(dataText, { ts: JANUARY }), decision(target()));
      expect(sink.paths()).toEqual([paths[0]]);
    });

    it("knows its folder", () => {
      const { writers } = createBench();
      writers.write(jsonRecord(dataText), decision(target()));
      expect(writers.folders()).toEqual([paths[0].slice(0, paths[0].lastIndexOf("/"))]);
    });

    it("writes nothing of a record that is dropped", () => {
      const { sink, writers } = createBench();
      expect(writers.write(jsonRecord(dataText), { ...decision(target()), drop: true })).toBe(0);
      expect(sink.entries).toBe(0);
    });

    it("never fails for a record, and never loses it", () => {
      const weird = fc.record({
        message: fc.option(fc.string({ unit: "binary" }), { nil: undefined }),
        text: fc.string(),
      });
      fc.assert(
        fc.property(weird, fc.option(fc.object()), (parts, data) => {
          const { writers } = createBench();
          const of = data === null ? record(parts) : jsonRecord(JSON.stringify(data), parts);
          expect(writers.write(of, decision(target()))).toBe(1);
        }),
      );
    });
  });
}
