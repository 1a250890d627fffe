import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Gathering } from "../../../src/sources/docker/gathering.js";

describe("what a connection brings", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function gathered() {
    const shown: string[] = [];
    const gathering = new Gathering((bytes) => shown.push(bytes.toString()));
    const bring = (text: string) => {
      const { buffer, callback } = gathering.onread;
      callback((buffer as Buffer).write(text), buffer as Buffer);
    };
    return { shown, gathering, bring };
  }

  it("is shown at once after a silence, and together while more comes", () => {
    const { shown, bring } = gathered();
    bring("a");
    expect(shown).toEqual(["a"]);
    for (const text of ["b", "c", "d"]) bring(text);
    expect(shown).toEqual(["a"]);
    vi.advanceTimersByTime(4);
    expect(shown).toEqual(["a", "bcd"]);
    vi.advanceTimersByTime(4);
    bring("e");
    expect(shown).toEqual(["a", "bcd", "e"]);
  });

  it("does not wait when it has become much", () => {
    const { shown, bring } = gathered();
    const text = "x".repeat(60_000);
    for (let times = 0; times < 9; times += 1) bring(text);
    expect(shown.map(({ length }) => length)).toEqual([60_000, 120_000, 120_000, 120_000, 120_000]);
  });

  it("is that of one connection alone, and nothing after it is stopped", () => {
    const [one, two] = [gathered(), gathered()];
    for (const text of ["1", "2", "3"]) {
      one.bring(text);
      two.bring(text.repeat(2));
    }
    one.gathering.stop();
    two.gathering.flush();
    vi.advanceTimersByTime(100);
    expect(one.shown).toEqual(["1"]);
    expect(two.shown).toEqual(["11", "2233"]);
  });
});
