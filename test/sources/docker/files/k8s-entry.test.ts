import fc from "fast-check";
import { expect, it } from "vitest";
import { EntryCutter } from "../../../../src/sources/docker/files/entry-cutter.js";
import { Intake, type IntakeOptions } from "../../../../src/sources/docker/files/intake.js";
import { readK8sEntry } from "../../../../src/sources/docker/files/k8s-entry.js";
import { K8S_FILE } from "../../../../src/sources/docker/files/log-format.js";
import { RunEnds } from "../../../../src/sources/docker/files/run-ends.js";
import type { Seek } from "../../../../src/sources/docker/resume.js";
import { type Position, STREAM_NAMES, startPosition } from "../../../../src/sources/position.js";
import { lineBytes, streams, timeAt } from "../../arbitraries.js";
import { BatchLog } from "../../batch-log.js";
import { textOf } from "../../engine-log.js";
import { wholeLines } from "../../joiners.js";
import { k8sEntries, type PipeRead } from "../../podman-log.js";

function read(text: string) {
  return readK8sEntry(Buffer.from(text).toString("latin1"), false);
}

/** Of Podman 5.4.2 and 4.3.1. */
const LINE = "2026-11-29T14:48:07.079760767+00:00 stdout F short";
const ENTRY = { ts: "2026-11-29T14:48:07.079760767Z", stream: 0, raw: "short\n", piece: false };

it.each([
  ["a line", LINE, ENTRY],
  [
    "an empty line of the other stream",
    LINE.replace("stdout F short", "stderr F "),
    { ...ENTRY, stream: 1, raw: "\n" },
  ],
  ["a piece", LINE.replace(" F ", " P "), { ...ENTRY, raw: "short", piece: true }],
  ["a line of a terminal", `${LINE}\r`, { ...ENTRY, raw: "short\r\n" }],
  ["a line that holds such a line", `${LINE} ${LINE}`, { ...ENTRY, raw: `short ${LINE}\n` }],
  ["a line behind half a head", `2026-11-29T14:4${LINE}`, ENTRY],
  ["a line behind zeros", `\0\0\0${LINE}`, ENTRY],
  [
    "a zone east of Greenwich",
    LINE.replace("+00:00", "+09:30"),
    { ...ENTRY, ts: "2026-11-29T05:18:07.079760767Z" },
  ],
  [
    "a zone west of it, over midnight",
    LINE.replace("T14:48:07", "T23:48:07").replace("+00:00", "-05:00"),
    { ...ENTRY, ts: "2026-11-30T04:48:07.079760767Z" },
  ],
])("%s", (_, text, entry) => {
  expect(read(text)).toMatchObject(entry);
});

it.each([
  "",
  "short",
  "\0\0\0",
  LINE.slice(0, 40),
  LINE.replace(" F ", " X "),
  LINE.replace("stdout", "stdin"),
  LINE.replace(".079760767+00:00", "Z"),
  LINE.replace("2026-11-29", "2026-13-99").replace("+00:00", "+01:00"),
])("%j is none", (text) => {
  expect(read(text)).toBeUndefined();
});

/** What each stream prints, as one text, cut into reads at any place; a read of one stream can stand between those of the other. */
const pipeReads: fc.Arbitrary<{ reads: PipeRead[]; lines: string[][] }> = fc
  .record({
    printed: fc.array(fc.record({ stream: streams, bytes: lineBytes }), { maxLength: 12 }),
    lastWords: fc.boolean(),
    turns: fc.array(
      fc.record({ stream: streams, bytes: fc.integer({ min: 1, max: 8_192 }), step: fc.nat(3) }),
      { minLength: 1, maxLength: 30 },
    ),
  })
  .map(({ printed, lastWords, turns }) => {
    const of = (stream: number) => printed.filter((line) => line.stream === stream).map(({ bytes }) => bytes);
    const left = [0, 1].map((stream) => {
      const text = Buffer.concat(of(stream).flatMap((bytes) => [bytes, Buffer.from("\n")]));
      return lastWords ? text.subarray(0, -1) : text;
    });
    const reads: PipeRead[] = [];
    let ns = 0n;
    for (let turn = 0; left[0]!.length + left[1]!.length > 0; turn += 1) {
      const { stream, bytes, step } = turns[turn % turns.length]!;
      const from = left[stream]!.length > 0 ? stream : stream === 0 ? 1 : 0;
      // Several reads can have the same time, and a clock can be set back.
      ns += BigInt(step === 3 ? -1 : step);
      reads.push({ ts: timeAt(ns + 10_000n), stream: from, bytes: left[from]!.subarray(0, bytes) });
      left[from] = left[from]!.subarray(bytes);
    }
    const lines = [0, 1].map((stream) => {
      const printed = of(stream);
      // Without its line end an empty line is nothing.
      const all = lastWords && printed.at(-1)?.length === 0 ? printed.slice(0, -1) : printed;
      return all.map(textOf);
    });
    return { reads, lines };
  });

type Given = Partial<Pick<IntakeOptions, "moved" | "runEnds">> & { sink: BatchLog; seek: Seek["by"] };

function intakeOf(position: Position, { seek, moved = () => undefined, ...more }: Given): Intake {
  return new Intake({
    ...more,
    moved,
    position,
    seek: { by: seek, tailMessages: 0 },
    maxLineBytes: 1_000_000,
    joiners: [wholeLines(), wholeLines()],
    container: () => ({ id: "x", name: "x" }) as never,
  });
}

/** Reads a log from a position, in the way that `seek` says, up to an entry; what was handed on, and the position behind it. */
function readFrom(
  log: Buffer,
  { position, seek, upTo }: { position: Position; seek: Seek["by"]; upTo: number },
) {
  const sink = new BatchLog();
  let behind = position;
  const moved = (to: Position) => {
    behind = to;
  };
  const intake = intakeOf(position, { sink, seek, moved });
  const begin = seek === "place" ? (position.file?.offset ?? 0) : 0;
  let entries = 0;
  const cutter = new EntryCutter(begin, K8S_FILE, {
    entry: (entry, end) => {
      entries += 1;
      if (entries <= upTo) intake.take(entry, 7, end);
      if (entries % 3 === 0) void intake.deliver();
    },
    damaged: () => expect.fail("an entry is damaged"),
  });
  cutter.push(log.subarray(begin));
  void (upTo > entries ? intake.finish("ended") : intake.deliver());
  expect(intake.lost || !intake.found).toBe(false);
  return { sink, behind };
}

it.each(["place", "anchor"] as const)(
  "each line is read once, however it was cut into pieces and wherever reading was broken off: found by %s",
  (seek) => {
    fc.assert(
      fc.property(pipeReads, fc.nat(60), ({ reads, lines }, upTo) => {
        const log = Buffer.concat(reads.map(k8sEntries));
        const first = readFrom(log, { position: startPosition(""), seek: "place", upTo });
        const parts = [first];
        const second = first.behind.taken === 0 ? "place" : seek;
        if (upTo <= entriesIn(log))
          parts.push(readFrom(log, { position: first.behind, seek: second, upTo: 1e9 }));
        for (const [stream, name] of STREAM_NAMES.entries())
          expect(parts.flatMap(({ sink }) => sink.texts("x", name))).toEqual(lines[stream]);
      }),
      { numRuns: 300 },
    );
  },
);

it.each([
  ["ended between them", 1_500_000n, ["last words", "again"]],
  ["ended before them, which is told late", 500_000n, ["last wordsagain"]],
  ["has not ended yet", 2_500_000n, ["last wordsagain"]],
])("words without a line end and what stands behind them, of a run that %s", (_, endedNs, texts) => {
  const sink = new BatchLog();
  const runEnds = new RunEnds();
  const intake = intakeOf(startPosition(""), { sink, seek: "place", runEnds });
  runEnds.add(timeAt(endedNs));
  for (const [ts, text] of [
    [timeAt(1_000_000n), "last words"],
    [timeAt(2_000_000n), "again\n"],
  ] as const) {
    const entry = readK8sEntry(
      k8sEntries({ ts, stream: 0, bytes: Buffer.from(text) })
        .toString("latin1")
        .trimEnd(),
      true,
    );
    intake.take(entry!, 7, 100);
  }
  void intake.deliver();
  expect(sink.texts()).toEqual(texts);
});

function entriesIn(log: Buffer): number {
  return log.toString("latin1").split("\n").length - 1;
}
