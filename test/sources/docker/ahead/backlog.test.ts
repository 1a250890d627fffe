import { describe, expect, it } from "vitest";
import { Backlog, CHUNK_BYTES, Memory } from "../../../../src/sources/docker/ahead/backlog.js";

const bytes = (length: number, fill = 0) => new Uint8Array(length).fill(fill);

describe("what was read ahead of a connection", () => {
  it("comes back in the order in which it came, with the time of the last byte of each chunk", () => {
    const backlog = new Backlog(new Memory(100 * CHUNK_BYTES));
    for (let n = 0; n < 10; n += 1) backlog.add(bytes(60_000, n), 1_000 + n);
    const seen: number[] = [];
    for (let chunk = backlog.shift(); chunk !== undefined; chunk = backlog.shift()) {
      const last = chunk.bytes[chunk.length - 1]!;
      expect(chunk.lastMs).toBe(1_000 + last);
      for (let at = 0; at < chunk.length; at += 60_000) seen.push(chunk.bytes[at]!);
    }
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("is not put beside what came much earlier, whose time would be wrong by so much", () => {
    const backlog = new Backlog(new Memory(100 * CHUNK_BYTES));
    backlog.add(bytes(10), 1_000);
    backlog.add(bytes(10), 5_000);
    expect([backlog.shift()?.lastMs, backlog.shift()?.lastMs, backlog.shift()]).toEqual([
      1_000,
      5_000,
      undefined,
    ]);
  });

  it("takes no more memory than there is of it, however slowly it comes", () => {
    const backlog = new Backlog(new Memory(4 * CHUNK_BYTES));
    for (let ms = 0; ms < 100_000; ms += 1_000) backlog.add(bytes(100, ms / 1_000), ms);
    expect(backlog.isFull).toBe(false);
    for (let n = 0; n < 100; n += 1) {
      const chunk = backlog.shift()!;
      expect([chunk.length, chunk.lastMs, ...new Set(new Uint8Array(chunk.buffer, 0, chunk.length))]).toEqual(
        [100, n * 1_000, n],
      );
    }
    expect([backlog.isEmpty, backlog.isFull]).toEqual([true, false]);
  });

  it("has as much memory as is left to all others, and gets it back", () => {
    const memory = new Memory(12 * CHUNK_BYTES);
    const [one, other] = [new Backlog(memory), new Backlog(memory)];
    while (!one.isFull) one.add(bytes(CHUNK_BYTES), 0);
    let others = 0;
    for (; !other.isFull; others += 1) other.add(bytes(CHUNK_BYTES), 0);
    expect(others).toBeGreaterThanOrEqual(2);
    expect(one.isFull).toBe(true);
    other.clear();
    for (let n = 0; n < 4; n += 1) one.shift();
    expect(one.isFull).toBe(false);
    one.clear();
    expect([one.isEmpty, one.isFull]).toEqual([true, false]);
  });
});
