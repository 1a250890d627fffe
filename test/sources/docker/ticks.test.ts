import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Ticks } from "../../../src/sources/docker/ticks.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("serves many by one timer, which runs for as long as there are any", () => {
  const ticks = new Ticks(500);
  const calls: string[] = [];
  const endFirst = ticks.begin(() => calls.push("first"));
  vi.advanceTimersByTime(300);
  const endSecond = ticks.begin(() => {
    calls.push("second");
    endSecond();
  });
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(200);
  expect(calls).toEqual(["first", "second"]);
  vi.advanceTimersByTime(500);
  endFirst();
  expect(calls).toEqual(["first", "second", "first"]);
  expect(vi.getTimerCount()).toBe(0);
  ticks.begin(() => calls.push("again"));
  vi.advanceTimersByTime(500);
  expect(calls.at(-1)).toBe("again");
});
