import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Waiting } from "../../src/store/waiting.js";

const MB = 1024 * 1024;

describe("what waits in memory", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function waitingUpTo(
    limitBytes: number,
    options: Partial<ConstructorParameters<typeof Waiting>[0]> = {},
  ): Waiting {
    const usual = { uncommittedBytes: Infinity, isBlocked: () => false, onUncommitted: () => undefined };
    return new Waiting({ limitBytes, ...usual, ...options });
  }

  /** Whether somebody who would bring more goes on within the time. */
  async function goesOnWithin(waiting: Waiting, ms: number): Promise<boolean> {
    let isGoing = false;
    void waiting.room().then(() => {
      isGoing = true;
    });
    await vi.advanceTimersByTimeAsync(ms);
    return isGoing;
  }

  it("lets nobody wait while it is little", async () => {
    const waiting = waitingUpTo(512 * MB);
    waiting.add(16 * MB);
    expect(waiting.hasRoom).toBe(true);
    expect(await goesOnWithin(waiting, 0)).toBe(true);
  });

  it("slows those that bring more, and no more than that, while a disk is slow", async () => {
    const waiting = waitingUpTo(512 * MB);
    waiting.add(17 * MB);
    expect(waiting.hasRoom).toBe(false);
    expect(await goesOnWithin(waiting, 0)).toBe(false);
    expect(await goesOnWithin(waiting, 5)).toBe(true);
  });

  it("lets them go on at once when the disk has taken enough", async () => {
    const waiting = waitingUpTo(512 * MB);
    waiting.add(17 * MB);
    const going = waiting.room();
    waiting.add(-2 * MB);
    await expect(going).resolves.toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("lets nobody go on at the limit, or while the disk is full", async () => {
    let isFull = false;
    const waiting = waitingUpTo(32 * MB, { isBlocked: () => isFull });
    waiting.add(33 * MB);
    expect(await goesOnWithin(waiting, 60_000)).toBe(false);
    waiting.add(-2 * MB);
    expect(await goesOnWithin(waiting, 5)).toBe(true);
    isFull = true;
    expect(await goesOnWithin(waiting, 60_000)).toBe(false);
    isFull = false;
    waiting.look();
    expect(await goesOnWithin(waiting, 5)).toBe(true);
  });

  it("stays below a limit that is smaller", async () => {
    const waiting = waitingUpTo(MB);
    waiting.add(2 * MB);
    expect(await goesOnWithin(waiting, 60_000)).toBe(false);
  });

  it("asks for a commit when too much is uncommitted, once, and lets nobody go on before it is done", async () => {
    const onUncommitted = vi.fn();
    const waiting = waitingUpTo(512 * MB, { uncommittedBytes: 2 * MB, onUncommitted });
    waiting.add(3 * MB);
    // Durable in its file, and not committed.
    waiting.settle(3 * MB);
    const all = waiting.allBytes;
    expect(await goesOnWithin(waiting, 60_000)).toBe(false);
    expect(await goesOnWithin(waiting, 60_000)).toBe(false);
    expect(onUncommitted).toHaveBeenCalledTimes(1);
    waiting.committed(all);
    expect(await goesOnWithin(waiting, 0)).toBe(true);
    waiting.add(2 * MB);
    expect(waiting.hasRoom).toBe(true);
    waiting.add(1);
    expect(await goesOnWithin(waiting, 60_000)).toBe(false);
    expect(onUncommitted).toHaveBeenCalledTimes(2);
  });
});
