import { expect, it, vi } from "vitest";
import { namedContainer } from "../../src/core/container.js";
import { DailyQuota } from "../../src/core/daily-quota.js";

const api = namedContainer("a", "api");
const day = (number: number) => `2026-01-${String(number).padStart(2, "0")}T12:00:00.000000000Z`;

it("is used up by what it admits, for the container and the day of the line", () => {
  const over = vi.fn();
  const quota = new DailyQuota(10, over);
  expect(quota.admits(api, day(1), 6)).toBe(true);
  expect(quota.admits(api, day(1), 6)).toBe(false);
  expect(quota.isOver(api)).toBe(true);
  expect(quota.admits(namedContainer("b", "web"), day(1), 6)).toBe(true);
  expect(over.mock.calls).toEqual([[api]]);
  expect(quota.admits(api, day(2), 6)).toBe(true);
  expect(quota.isOver(api)).toBe(false);
});

it("is used up by what it only hears of, too", () => {
  const quota = new DailyQuota(10, () => undefined);
  quota.add(api, day(1), 10);
  expect(quota.isOver(api)).toBe(false);
  quota.add(api, day(1), 1);
  expect(quota.isOver(api)).toBe(true);
  expect(quota.admits(api, day(1), 1)).toBe(false);
});
