import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boundsAt, engineTime, timeToMs } from "../../../src/categories/windows/bounds.js";
import { Calendar } from "../../../src/core/calendar.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function windowOf(ts: string, everyMs: number, zone = "UTC"): [string, string] {
  const { startMs, endMs } = boundsAt(timeToMs(ts), everyMs, new Calendar(zone));
  return [engineTime(startMs), engineTime(endMs)];
}

const at = (text: string) => `${text}.000000000Z`;

describe("windows", () => {
  it.each([
    ["2026-01-31T12:34:56.789012345Z", MINUTE, "2026-01-31T12:34:00", "2026-01-31T12:35:00"],
    ["2026-01-31T12:34:00.000000000Z", MINUTE, "2026-01-31T12:34:00", "2026-01-31T12:35:00"],
    ["2026-01-31T12:34:59.999999999Z", MINUTE, "2026-01-31T12:34:00", "2026-01-31T12:35:00"],
    ["2026-01-31T23:59:59.999999999Z", 1000, "2026-01-31T23:59:59", "2026-02-01T00:00:00"],
    ["2026-02-28T23:10:00.000000000Z", 8 * HOUR, "2026-02-28T16:00:00", "2026-03-01T00:00:00"],
    ["1969-12-31T23:59:59.500000000Z", MINUTE, "1969-12-31T23:59:00", "1970-01-01T00:00:00"],
    ["2024-02-29T05:00:00.000000000Z", DAY, "2024-02-29T00:00:00", "2024-03-01T00:00:00"],
  ])("%s in windows of %d ms", (ts, everyMs, start, end) => {
    expect(windowOf(ts, everyMs)).toEqual([at(start), at(end)]);
  });

  it("shorter than a second's multiple keep their fraction", () => {
    const [start] = windowOf("2026-01-31T00:00:02.000000000Z", 1500);
    expect(start).toBe("2026-01-31T00:00:01.500000000Z");
  });

  it("are aligned to UTC in every zone, unless they are days", () => {
    const hour = windowOf("2026-01-31T12:40:00.000000000Z", HOUR, "Asia/Kolkata");
    expect(hour).toEqual([at("2026-01-31T12:00:00"), at("2026-01-31T13:00:00")]);
  });

  it.each([
    ["Europe/Berlin", "2026-03-29T12:00:00.000000000Z", "2026-03-28T23:00:00", "2026-03-29T22:00:00"],
    ["Europe/Berlin", "2026-10-25T12:00:00.000000000Z", "2026-10-24T22:00:00", "2026-10-25T23:00:00"],
    ["America/New_York", "2026-02-01T03:00:00.000000000Z", "2026-01-31T05:00:00", "2026-02-01T05:00:00"],
    // The clock went from 24:00 on the 29th to 0:00 on the 31st.
    ["Pacific/Apia", "2011-12-30T12:00:00.000000000Z", "2011-12-30T10:00:00", "2011-12-31T10:00:00"],
  ])("of a day are days of %s", (zone, ts, start, end) => {
    expect(windowOf(ts, DAY, zone)).toEqual([at(start), at(end)]);
  });

  it("are of such a length that each moment is in one of them", () => {
    const zones = fc.constantFrom(
      "UTC",
      "Europe/Berlin",
      "America/St_Johns",
      "Pacific/Apia",
      "America/Havana",
    );
    const lengths = fc.constantFrom(1000, 1500, MINUTE, 15 * MINUTE, 6 * HOUR, DAY);
    const moments = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2040, 0) });
    const calendars = new Map<string, Calendar>();
    const property = fc.property(zones, lengths, moments, (zone, everyMs, ms) => {
      const calendar = calendars.get(zone) ?? new Calendar(zone);
      calendars.set(zone, calendar);
      const bounds = boundsAt(ms, everyMs, calendar);
      expect(ms >= bounds.startMs && ms < bounds.endMs).toBe(true);
      expect(boundsAt(bounds.startMs, everyMs, calendar)).toEqual(bounds);
      expect(boundsAt(bounds.endMs - 1, everyMs, calendar)).toEqual(bounds);
      const next = boundsAt(bounds.endMs, everyMs, calendar);
      expect(next.startMs).toBe(bounds.endMs);
      if (everyMs < DAY) {
        expect(bounds.endMs - bounds.startMs).toBe(everyMs);
        expect(next.index).toBe(bounds.index + 1);
      } else expect(next.index).toBeGreaterThan(bounds.index);
    });
    fc.assert(property, { numRuns: 300 });
  });

  it("compare with engine times as text", () => {
    const ms = fc.integer({ min: 0, max: Date.UTC(9999, 0) });
    fc.assert(
      fc.property(ms, fc.integer({ min: 0, max: 999_999 }), (whole, finer) => {
        const ts = `${engineTime(whole).slice(0, 23)}${String(finer).padStart(6, "0")}Z`;
        expect(timeToMs(ts)).toBe(whole);
        expect(ts >= engineTime(whole) && ts < engineTime(whole + 1)).toBe(true);
      }),
    );
  });
});
