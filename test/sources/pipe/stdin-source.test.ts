import { isUtf8 } from "node:buffer";
import { PassThrough, Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { StdinSource } from "../../../src/sources/pipe/stdin-source.js";
import { borders, lineBytes } from "../arbitraries.js";
import { BatchLog } from "../batch-log.js";
import { cutAt, textOf } from "../engine-log.js";
import { indentedLines, wholeLines } from "../joiners.js";

const WAIT = { timeout: 8_000, interval: 10 };

function stdin(input: Readable, maxLineBytes = 100_000, createJoiner = wholeLines) {
  const source = new StdinSource({ input, maxLineBytes, createJoiner });
  const sink = new BatchLog();
  return { source, sink, ended: source.run(sink) };
}

describe("lines from a pipe", () => {
  it("come whole, whatever the borders", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(lineBytes, { maxLength: 8 }), borders, async (lines, cuts) => {
        const bytes = Buffer.concat(lines.flatMap((line) => [line, Buffer.from("\n")]));
        const { sink, ended } = stdin(Readable.from(cutAt(bytes, cuts)));
        await ended;
        const got = sink.batches.flatMap((batch) => batch.lines);
        expect(got.map(({ text }) => text)).toEqual(lines.map(textOf));
        const broken = lines.map((line) => !isUtf8(line));
        expect(got.map(({ replaced }) => replaced)).toEqual(broken);
        expect(got.every(({ truncated }) => !truncated)).toBe(true);
        expect(sink.batches.at(-1)?.state).toBe("ended");
      }),
      { numRuns: 60 },
    );
  });

  it("come in batches of bounded length, however short they are", async () => {
    const { sink, ended } = stdin(Readable.from([Buffer.from("x\n".repeat(50_000))]));
    await ended;
    const lengths = sink.batches.map(({ lines }) => lines.length);
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(50_000);
    expect(Math.max(...lengths)).toBeLessThan(4000);
  });

  it("are cut at the limit, between characters, and say so", async () => {
    for (const [text, kept] of [
      ["x".repeat(100), "x".repeat(100)],
      [`${"x".repeat(100)}\r`, "x".repeat(100)],
      ["x".repeat(101), "x".repeat(100)],
      ["ä".repeat(51), "ä".repeat(50)],
      [`x${"ä".repeat(50)}`, `x${"ä".repeat(49)}`],
      [`xx${"😀".repeat(25)}`, `xx${"😀".repeat(24)}`],
    ] as const) {
      const { sink, ended } = stdin(Readable.from([Buffer.from(`${text}\nnext\n`)]), 100);
      await ended;
      const [first, second] = sink.batches.flatMap(({ lines }) => lines);
      expect([first?.text, first?.truncated, first?.replaced]).toEqual([
        kept,
        kept !== text.trimEnd(),
        false,
      ]);
      expect([second?.text, second?.truncated]).toEqual(["next", false]);
    }
  });

  it("may be 50 MB long without the memory growing with them", async () => {
    let peak = 0;
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    async function* endless() {
      for (let mb = 0; mb < 50; mb += 1) {
        for (let part = 0; part < 16; part += 1) yield Buffer.alloc(65_536, "x");
        const { arrayBuffers, heapUsed } = process.memoryUsage();
        peak = Math.max(peak, arrayBuffers + heapUsed);
      }
      yield Buffer.from("\nnext\n");
    }
    const { sink, ended } = stdin(
      Readable.from(endless(), { objectMode: false, highWaterMark: 65_536 }),
      1_000_000,
    );
    await ended;
    const [first, second] = sink.batches.flatMap(({ lines }) => lines);
    expect([first?.text.length, first?.truncated, second?.text]).toEqual([1_000_000, true, "next"]);
    // The chunks themselves wait for the collector of garbage; what is kept of the line is 1 MB.
    expect(peak - before).toBeLessThan(40_000_000);
  });

  it("end when the source is stopped, with all that had come", async () => {
    const input = new PassThrough();
    const { source, sink, ended } = stdin(input);
    input.write("one\ntwo");
    await vi.waitFor(() => expect(sink.texts()).toEqual(["one"]), WAIT);
    await source.stop();
    await ended;
    expect(sink.texts()).toEqual(["one", "two"]);
    expect(sink.batches.at(-1)?.state).toBe("ended");
  });

  it("are not thought to be at their end when reading fails", async () => {
    const input = new PassThrough();
    const { ended } = stdin(input);
    input.write("one\n");
    setTimeout(() => input.destroy(new Error("EIO: i/o error, read")), 20);
    await expect(ended).rejects.toThrow("EIO");
  });

  it("are handed on after a while when an event could go on and does not", async () => {
    const input = new PassThrough();
    const { source, sink, ended } = stdin(input, 1000, indentedLines);
    input.write("Error: no\n at one\n");
    await sleep(20);
    expect(sink.texts()).toEqual([]);
    await vi.waitFor(() => expect(sink.texts()).toEqual(["Error: no", " at one"]), WAIT);
    await source.stop();
    await ended;
  });
});
