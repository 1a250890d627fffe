import { Readable } from "node:stream";
import { expect, it } from "vitest";
import { createJoiner } from "../../../src/records/joiner.js";
import { StdinSource } from "../../../src/sources/pipe/stdin-source.js";
import { BatchLog } from "../batch-log.js";

const entry = (log: string, stream = "stderr", time = "2025-12-31T23:59:59.12Z") =>
  JSON.stringify({ log, stream, time });

async function lines(...texts: readonly string[]) {
  const input = Readable.from([Buffer.from(texts.map((text) => `${text}\n`).join(""))]);
  const sink = new BatchLog();
  await new StdinSource({ input, maxLineBytes: 100_000, createJoiner }).run(sink);
  return sink.batches.flatMap((batch) => batch.lines);
}

it("a traceback in Docker's log entries is one line, with the engine's time and stream, whatever the other stream says", async () => {
  const traceback = [
    "Traceback (most recent call last):",
    '  File "/app/a.py", line 3, in f',
    "    g()",
    "ValueError: ü",
  ];
  const [first, ...rest] = traceback.map((text) => entry(`${text}\n`));
  const got = await lines(first ?? "", entry("meanwhile\n", "stdout"), ...rest, entry("next\n", "stdout"));
  expect(got.map(({ text, stream, lines }) => [stream, lines, text]).sort()).toEqual([
    ["stderr", 4, traceback.join("\n")],
    ["stdout", 1, "meanwhile"],
    ["stdout", 1, "next"],
  ]);
  expect(new Set(got.map(({ ts }) => ts))).toEqual(new Set(["2025-12-31T23:59:59.120000000Z"]));
});

it("the parts of a long line are one line again", async () => {
  const long = "x".repeat(16_384);
  const [line, ...others] = await lines(entry(long, "stdout"), entry("end\n", "stdout"));
  expect(others).toEqual([]);
  expect([line?.text === `${long}end`, line?.lines]).toEqual([true, 1]);
});

it("what only looks like an entry stays as it is", async () => {
  const texts = [
    entry("x\n", "stdout", "yesterday"),
    entry("x\n", "elsewhere"),
    '{"log":"cut',
    '{"log":{"level":"info"},"stream":"stdout","time":"2025-12-31T23:59:59Z"}',
  ];
  expect((await lines(...texts)).map(({ text }) => text)).toEqual(texts);
});
