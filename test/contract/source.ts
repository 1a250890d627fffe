import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { LineJoiner } from "../../src/core/line.js";
import type { LineBatch, LineSink, Source } from "../../src/core/source.js";
import { isEngineTime } from "../../src/core/time.js";
import { BatchLog } from "../sources/batch-log.js";
import { indentedLines, wholeLines } from "../sources/joiners.js";

/** What prints, and the source that collects it. */
export interface SourceCase {
  readonly source: Source;
  /** Streams that the source can tell apart. */
  readonly streams: readonly ("stdout" | "stderr")[];
  /** Prints lines; their line ends are added. */
  print(texts: readonly string[], stream?: "stdout" | "stderr"): Promise<void> | void;
  /** What prints comes to its end by itself. */
  finish(): Promise<void> | void;
}

export interface SourceOptions {
  readonly maxLineBytes: number;
  readonly createJoiner: () => LineJoiner;
}

const WAIT = { timeout: 10_000, interval: 10 };
const MAX_LINE_BYTES = 50_000;

/** What every source does, whatever its lines come from. */
export function describeSource(
  name: string,
  begin: (options: SourceOptions) => Promise<SourceCase> | SourceCase,
): void {
  async function start(
    createJoiner: () => LineJoiner = wholeLines,
    sink: LineSink & BatchLog = new BatchLog(),
  ) {
    const made = await begin({ maxLineBytes: MAX_LINE_BYTES, createJoiner });
    const ended = made.source.run(sink);
    // A test that fails must not leave it running.
    onTestFinished(async () => {
      await made.source.stop();
      await ended.catch(() => undefined);
    });
    return { ...made, sink, ended };
  }

  describe(`${name} as a source`, () => {
    it("delivers the lines of each stream whole, once and in order", async () => {
      const { print, sink, streams } = await start();
      const texts = Array.from({ length: 300 }, (_, n) => `${n} größer 😀 ${"x".repeat((n * 97) % 900)}`);
      const long = [
        "y".repeat(16_383),
        "y".repeat(16_384),
        "y".repeat(16_385),
        "z".repeat(40_000),
        "",
        "end",
      ];
      for (const stream of streams) await print([...texts, ...long], stream);
      for (const stream of streams) {
        await vi.waitFor(() => expect(sink.texts(undefined, stream).at(-1)).toBe("end"), WAIT);
        expect(sink.texts(undefined, stream)).toEqual([...texts, ...long]);
      }
      for (const { lines } of sink.batches) {
        for (const line of lines)
          expect([line.truncated, line.replaced, line.lines]).toEqual([false, false, 1]);
      }
    });

    it("gives each line a time in the engine's form, in the order of the lines", async () => {
      const { print, sink } = await start();
      for (let n = 0; n < 10; n += 1) await print([`${n}`, `${n}.`]);
      await vi.waitFor(() => expect(sink.texts()).toHaveLength(20), WAIT);
      const times = sink.batches.flatMap(({ lines }) => lines.map(({ ts }) => ts));
      expect(times.every((ts) => ts.length === 30 && isEngineTime(ts))).toBe(true);
      expect([...times].sort()).toEqual(times);
    });

    it("cuts a line at the limit and says so", async () => {
      const { print, sink } = await start();
      await print(["a".repeat(MAX_LINE_BYTES), "b".repeat(MAX_LINE_BYTES + 1), "c"]);
      await vi.waitFor(() => expect(sink.texts().at(-1)).toBe("c"), WAIT);
      const lines = sink.batches.flatMap((batch) => batch.lines);
      expect(lines.map(({ text, truncated }) => [text.length, truncated])).toEqual([
        [MAX_LINE_BYTES, false],
        [MAX_LINE_BYTES, true],
        [1, false],
      ]);
    });

    it("joins the lines of one event, and hands it on though nothing comes behind it", async () => {
      const { print, sink } = await start(indentedLines);
      await print(["Error: no", " at one", " at two"]);
      await vi.waitFor(() => expect(sink.texts()).toHaveLength(3), WAIT);
      const lines = sink.batches.flatMap((batch) => batch.lines);
      expect(lines.map(({ text, lines: count }) => [text, count])).toEqual([
        ["Error: no\n at one\n at two", 3],
      ]);
    });

    it("counts in each batch what is in it", async () => {
      const { print, sink } = await start();
      await print(["12345", "", "1234567890"]);
      await vi.waitFor(() => expect(sink.texts()).toHaveLength(3), WAIT);
      for (const { lines, bytes } of sink.batches) {
        expect(bytes).toBe(lines.reduce((sum, { text }) => sum + text.length, 0));
      }
    });

    it("brings nothing more while the sink asks to wait, and all of it afterwards", async () => {
      const { print, sink } = await start();
      let free: () => void = () => undefined;
      sink.wait = new Promise((resolve) => {
        free = resolve;
      });
      await print(["first"]);
      await vi.waitFor(() => expect(sink.texts()).toHaveLength(1), WAIT);
      for (let n = 0; n < 5; n += 1) {
        await print([`${n}`]);
        await sleep(20);
      }
      expect(sink.texts()).toEqual(["first"]);
      sink.wait = undefined;
      free();
      await vi.waitFor(() => expect(sink.texts()).toEqual(["first", "0", "1", "2", "3", "4"]), WAIT);
    });

    it("says that the end was reached, after all lines", async () => {
      const { print, finish, sink } = await start(indentedLines);
      await print(["one", "two", " and a half"]);
      await finish();
      await vi.waitFor(() => expect(sink.batches.at(-1)?.state).toBe("ended"), WAIT);
      expect(sink.texts()).toEqual(["one", "two", " and a half"]);
      const states = sink.batches.map(({ state }: LineBatch) => state);
      expect(states.slice(0, -1).every((state) => state === "open")).toBe(true);
    });

    it("lets run resolve when it is stopped, and brings nothing afterwards", async () => {
      const { source, print, sink, ended } = await start();
      await print(["one"]);
      await vi.waitFor(() => expect(sink.texts()).toEqual(["one"]), WAIT);
      await source.stop();
      await ended;
      const batches = sink.batches.length;
      await sleep(50);
      expect(sink.batches).toHaveLength(batches);
    });
  });
}
