import { describe, expect, it, vi } from "vitest";
import { cleanupTarget, isCritical } from "../../src/retention/guard.js";
import { Schedule, wasDue } from "../../src/retention/schedule.js";

const at = (text: string) => Date.parse(`2026-01-31T${text}Z`);
const hourly = (minute: Date) => minute.getUTCMinutes() === 0;
const run = async () => undefined;

describe("a run that was missed", () => {
  it.each([
    ["never ran", undefined, "12:30:00", true],
    ["ran in this hour", "12:00:01", "12:59:59", false],
    ["ran before the hour", "11:59:59", "12:00:30", true],
    ["ran half an hour ago, across the hour", "12:45:00", "13:15:00", true],
  ])("%s", (_name, last, now, expected) => {
    expect(wasDue(hourly, last === undefined ? undefined : at(last), at(now))).toBe(expected);
  });

  it("is made up after days without looking at each minute of them", () => {
    expect(wasDue(() => false, at("12:00:00") - 3 * 86_400_000, at("12:00:00"))).toBe(true);
  });

  it("is made up at the start, and is not when none is due", async () => {
    let runs = 0;
    const count = async () => {
      runs += 1;
    };
    const schedule = new Schedule({ cron: "0 * * * *", timeZone: "UTC", run: count });
    schedule.start(undefined);
    expect(runs).toBe(1);
    expect(schedule.next?.getUTCMinutes()).toBe(0);
    schedule.stop();
    const yearly = new Schedule({ cron: "0 0 1 1 *", timeZone: "UTC", run: count });
    yearly.start(Date.now() - 1000);
    yearly.stop();
    expect(runs).toBe(1);
  });

  it("is made up of an expression with seconds, too", () => {
    let runs = 0;
    const count = async () => {
      runs += 1;
    };
    const schedule = new Schedule({ cron: "59 * * * * *", timeZone: "UTC", run: count });
    schedule.start(Date.now() - 3 * 60_000);
    schedule.stop();
    expect(runs).toBe(1);
  });
});

it("makes up for a run to which the machine came late", async () => {
  vi.useFakeTimers({ now: at("11:59:58") });
  const ran: string[] = [];
  const note = async () => {
    ran.push(new Date().toISOString().slice(11, 19));
  };
  const schedule = new Schedule({ cron: "0 * * * *", timeZone: "UTC", run: note });
  try {
    schedule.start(at("11:30:00"));
    // Asleep: the clock goes on, and no timer fires.
    vi.setSystemTime(at("12:20:00"));
    await vi.advanceTimersByTimeAsync(3_000);
    expect(ran).toEqual([expect.stringMatching(/^12:20:0/)]);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(ran).toHaveLength(2);
    expect(ran[1]).toBe("13:00:00");
  } finally {
    schedule.stop();
    vi.useRealTimers();
  }
});

it("never runs when it is off", () => {
  const schedule = new Schedule({
    cron: "off",
    timeZone: "UTC",
    run: () => Promise.reject(new Error("ran")),
  });
  schedule.start(undefined);
  expect(schedule.next).toBeUndefined();
  schedule.stop();
});

it.each(["99 * * * *", "x y", "0 25 * * *"])("refuses the cron expression %s", (cron) => {
  expect(() => new Schedule({ cron, timeZone: "UTC", run })).toThrow(
    expect.objectContaining({
      code: "SETTINGS_INVALID",
      exit: 78,
      message: expect.stringContaining(`SIDECAR_RETENTION_CRON=${cron}`) as string,
    }) as Error,
  );
});

describe("the disk guard", () => {
  const state = { highPercent: 85, targetPercent: 80, logBytes: 10, maxSizeBytes: undefined };
  const used = (percent: number) => ({ sizeBytes: 1000, freeBytes: 1000 - percent * 10 });

  it.each([
    ["has room", { disk: used(84) }, undefined],
    ["is at the mark", { disk: used(85) }, 80],
    ["has a target above the mark", { disk: used(90), targetPercent: 99 }, 85],
    ["holds more logs than it may", { disk: used(10), maxSizeBytes: 9 }, 100],
    ["is full, and holds more logs than it may", { disk: used(99), maxSizeBytes: 9 }, 80],
    ["holds as many logs as it may", { disk: used(10), maxSizeBytes: 10 }, undefined],
  ])("a disk that %s", (_name, given, expected) => {
    expect(cleanupTarget({ ...state, ...given })).toBe(expected);
  });

  it("calls 95 percent critical", () => {
    expect([undefined, used(94), used(95)].map(isCritical)).toEqual([false, false, true]);
  });
});
