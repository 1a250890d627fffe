import { describe, expect, it } from "vitest";
import { startTime } from "../../src/config/since.js";

describe("startTime", () => {
  it.each([
    [undefined, undefined],
    ["2026-01-31", "2026-01-31T00:00:00.000000000Z"],
    ["2026-01-31T12:30:00Z", "2026-01-31T12:30:00.000000000Z"],
    ["2026-01-31T12:30:00.5+01:00", "2026-01-31T11:30:00.500000000Z"],
    ["2026-01-31T12:30:00.123456789Z", "2026-01-31T12:30:00.123456789Z"],
  ])("of %s", (text, time) => {
    expect(startTime(text)).toBe(time);
  });

  it("of a duration is so long ago", () => {
    const ago = Date.now() - Date.parse(startTime("2h")!);
    expect(Math.abs(ago - 7_200_000)).toBeLessThan(5000);
  });

  it.each(["", "now", "2026", "2026-13-01", "31.01.2026", "2 fortnights"])("refuses %s", (text) => {
    expect(() => startTime(text)).toThrow(/expected a duration such as 2d .* or a time/);
  });
});
