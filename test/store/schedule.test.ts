import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Due, nextCommitMs, Schedule } from "../../src/store/schedule.js";

const OPTIONS = { batchSize: 50, flushIntervalMs: 60_000 };

describe("nextCommitMs", () => {
  it.each<[string, Due, number | undefined]>([
    ["nothing noted", { records: 0, firstMs: undefined, urgent: false, lastStartMs: 0 }, undefined],
    ["a few records", { records: 49, firstMs: 5000, urgent: false, lastStartMs: 0 }, 65_000],
    [
      "a full batch long after the last commit",
      { records: 50, firstMs: 5000, urgent: false, lastStartMs: 0 },
      1000,
    ],
    [
      "a full batch just after the last commit",
      { records: 50, firstMs: 5000, urgent: false, lastStartMs: 4900 },
      5900,
    ],
    [
      "urgent just after the last commit",
      { records: 1, firstMs: 5000, urgent: true, lastStartMs: 4999 },
      5749,
    ],
    ["nothing but tidying", { records: 0, firstMs: 5000, urgent: false, lastStartMs: 0 }, 65_000],
  ])("%s", (_, due, expected) => {
    expect(nextCommitMs(due, OPTIONS)).toBe(expected);
  });

  it("lets a short flush interval decide over all", () => {
    const due = { records: 60, firstMs: 5000, urgent: true, lastStartMs: 4999 };
    expect(nextCommitMs(due, { batchSize: 50, flushIntervalMs: 10 })).toBe(5010);
  });
});

describe("Schedule", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function begin(tookMs = 10) {
    const starts: number[] = [];
    const originMs = performance.now();
    const schedule: Schedule = new Schedule(OPTIONS, async () => {
      starts.push(performance.now() - originMs);
      schedule.began();
      await new Promise((resolve) => setTimeout(resolve, tookMs));
    });
    return { schedule, starts };
  }

  it("commits a batch at once, and under load once a second", async () => {
    const { schedule, starts } = begin();
    for (let ms = 0; ms < 3500; ms += 10) {
      schedule.note(20, false);
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(starts).toEqual([20, 1020, 2020, 3020]);
  });

  it("commits a lone record after the flush interval", async () => {
    const { schedule, starts } = begin();
    schedule.note(1, false);
    await vi.advanceTimersByTimeAsync(59_999);
    expect(starts).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(starts).toEqual([60_000]);
  });

  it("commits urgent records within a second, also those that come while a commit runs", async () => {
    const { schedule, starts } = begin(200);
    schedule.note(1, true);
    await vi.advanceTimersByTimeAsync(100);
    schedule.note(1, true);
    await vi.advanceTimersByTimeAsync(5000);
    expect(starts).toEqual([0, 750]);
  });

  it("does nothing more once it is stopped", async () => {
    const { schedule, starts } = begin();
    schedule.note(1, false);
    schedule.stop();
    schedule.note(100, true);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(starts).toEqual([]);
  });
});
