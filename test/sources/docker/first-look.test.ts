import { describe, expect, it, vi } from "vitest";
import { FirstLook } from "../../../src/sources/docker/first-look.js";
import type { WatchedContainer } from "../../../src/sources/docker/watched-container.js";
import { startPosition } from "../../../src/sources/position.js";
import { collect, startEngine } from "./collecting.js";

const STARTED = "2026-01-01T00:00:00.000000000Z";

function time(second: number): string {
  return `2026-01-01T00:00:${String(second).padStart(2, "0")}.000000000Z`;
}

/** Of a log of files of 100 KB: how many messages it takes until a gap is told; `text` is what each is. */
function toldAfter(
  messages: number,
  { maxFiles = 3, from = 1, text = "x".repeat(125) } = {},
): number | undefined {
  const watched = { rotateBytes: 100_000, maxFiles, startedAt: STARTED } as WatchedContainer;
  const look = new FirstLook(watched);
  for (let n = 1; n <= messages; n += 1) if (look.note(time(from), text) !== undefined) return n;
  return undefined;
}

describe("the first look at a rotating log", () => {
  it("finds that lines may have been removed where the log is as full as it is right after that", () => {
    expect(toldAfter(999)).toBeUndefined();
    expect(toldAfter(5_000)).toBe(1_000);
    expect(toldAfter(5_000, { maxFiles: 2 })).toBe(500);
  });

  it("counts what JSON writes longer", () => {
    expect(toldAfter(5_000, { text: '"'.repeat(60) + "x".repeat(5) })).toBe(1_000);
    expect(toldAfter(5_000, { text: "<".repeat(20) + "x".repeat(5) })).toBe(1_000);
  });

  it("asks for nothing that was printed before the last start, or in a log of one file", () => {
    expect(toldAfter(5_000, { from: 0 })).toBeUndefined();
    expect(toldAfter(5_000, { maxFiles: 1 })).toBeUndefined();
  });

  it("does not count what was printed after it began", () => {
    const look = new FirstLook({ rotateBytes: 100_000, maxFiles: 3, startedAt: STARTED } as WatchedContainer);
    const later = new Date(Date.now() + 60_000).toISOString().replace("Z", "000000Z");
    for (let n = 0; n < 999; n += 1) expect(look.note(time(1), "x".repeat(125))).toBeUndefined();
    for (let n = 0; n < 999; n += 1) expect(look.note(later, "x".repeat(125))).toBeUndefined();
  });

  it("is told once, up to the first line", () => {
    const look = new FirstLook({ rotateBytes: 1_000, maxFiles: 2, startedAt: STARTED } as WatchedContainer);
    const gaps = Array.from({ length: 50 }, (_, n) => look.note(time(n + 1), "x".repeat(125)));
    expect(gaps.filter((gap) => gap !== undefined)).toMatchObject([{ from: undefined, to: time(1) }]);
  });

  it("is none where the log was read before, and a gap was told when the place was gone", async () => {
    const engine = await startEngine();
    const app = engine.add("app", { options: { "max-size": "1k", "max-file": "2" }, startedAt: STARTED });
    const lines = Array.from({ length: 40 }, (_, n) => String(n).padEnd(70, "."));
    engine.print(app, lines);
    // Stored while the first line that is left was waiting for what may belong to it.
    const position = { ...startPosition(""), begins: app.log.messages[0]!.ts, last: [time(1), 0, 3] };
    const restored = new Map([[app.id, { name: "app", position, ended: false }]]);
    const { sink } = collect(engine.socket, { restored });
    await vi.waitFor(() => expect(sink.texts()).toEqual(lines), { timeout: 8_000, interval: 10 });
    expect(sink.gaps).toEqual([]);
  });
});
