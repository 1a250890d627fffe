import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Calendar } from "../../src/core/calendar.js";
import { SidecarError } from "../../src/core/errors.js";
import { nsToTime } from "../../src/core/time.js";

const ZONES = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Asia/Kathmandu",
  "Pacific/Apia",
  "Pacific/Kiritimati",
  "Etc/GMT+12",
  "America/Sao_Paulo",
];

function engineTime(ms: number): string {
  return nsToTime(BigInt(ms) * 1_000_000n);
}

/** What another way of asking the platform says. */
function dateByLocale(zone: string, ms: number): string {
  return new Date(ms).toLocaleDateString("sv-SE", { timeZone: zone });
}

describe("Calendar", () => {
  it.each([
    ["UTC", "2026-01-31T23:59:59.999999999Z", "2026-01-31"],
    ["Europe/Berlin", "2026-01-31T22:59:59.999999999Z", "2026-01-31"],
    ["Europe/Berlin", "2026-01-31T23:00:00.000000000Z", "2026-02-01"],
    ["Europe/Berlin", "2026-07-01T21:59:59.999999999Z", "2026-07-01"],
    ["Europe/Berlin", "2026-07-01T22:00:00.000000000Z", "2026-07-02"],
    ["Asia/Kathmandu", "2026-01-31T18:14:59.999999999Z", "2026-01-31"],
    ["Asia/Kathmandu", "2026-01-31T18:15:00.000000000Z", "2026-02-01"],
    ["America/New_York", "2026-02-01T04:59:59.999999999Z", "2026-01-31"],
    ["Pacific/Apia", "2011-12-30T10:00:00.000000000Z", "2011-12-31"],
  ])("%s: %s is on %s", (zone, ts, date) => {
    expect(new Calendar(zone).dateOf(ts)).toBe(date);
  });

  it("agrees with the platform at any time, in any order", () => {
    const times = fc.array(fc.integer({ min: Date.UTC(2000), max: Date.UTC(2040) }), { maxLength: 20 });
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), times, (zone, all) => {
        const calendar = new Calendar(zone);
        for (const ms of [...all, ...all.toReversed()]) {
          expect(calendar.dateOf(engineTime(ms))).toBe(dateByLocale(zone, ms));
        }
      }),
    );
  });

  it.each([
    ["UTC", "2026-01-31", "2026-02-01T00:00:00.000Z"],
    ["Europe/Berlin", "2026-01-31", "2026-01-31T23:00:00.000Z"],
    // The days on which clocks change have 23 and 25 hours.
    ["Europe/Berlin", "2026-03-29", "2026-03-29T22:00:00.000Z"],
    ["Europe/Berlin", "2026-10-25", "2026-10-25T23:00:00.000Z"],
    ["Pacific/Kiritimati", "2026-01-31", "2026-01-31T10:00:00.000Z"],
    ["Etc/GMT+12", "2026-01-31", "2026-02-01T12:00:00.000Z"],
    // Went from 00:00 back to 23:00 of the day before.
    ["America/Sao_Paulo", "2018-02-17", "2018-02-18T03:00:00.000Z"],
    // Went from 00:01 back to 23:01: the date came twice.
    ["America/St_Johns", "2010-11-06", "2010-11-07T03:30:00.000Z"],
    // A date that never was ends when the one before it does.
    ["Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00.000Z"],
  ])("%s: %s ends at %s", (zone, date, end) => {
    expect(new Date(new Calendar(zone).endOfDateMs(date)).toISOString()).toBe(end);
  });

  it("ends a date exactly where the next one begins", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.integer({ min: Date.UTC(2012), max: Date.UTC(2040) }),
        (zone, ms) => {
          const calendar = new Calendar(zone);
          const date = calendar.dateOf(engineTime(ms));
          const end = calendar.endOfDateMs(date);
          expect(end).toBeGreaterThan(ms);
          expect(calendar.dateOf(engineTime(end - 1))).toBe(date);
          expect(calendar.dateOf(engineTime(end)) > date).toBe(true);
        },
      ),
    );
  });

  it("takes other names of UTC for UTC", () => {
    expect(new Calendar("Etc/UTC").zone).toBe("UTC");
  });

  it.each(["Mars/Olympus", "", "CET-1CEST,M3.5.0"])("refuses the zone %j", (zone) => {
    expect(() => new Calendar(zone)).toThrow(SidecarError);
    expect(() => new Calendar(zone)).toThrow(/TZ=/);
  });
});
