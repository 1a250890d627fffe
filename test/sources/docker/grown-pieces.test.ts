import { describe, expect, it } from "vitest";
import type { Line, LineJoiner } from "../../../src/core/line.js";
import { Assembler } from "../../../src/sources/assembler.js";
import { FrameCutter } from "../../../src/sources/docker/frames.js";
import { TtyCutter } from "../../../src/sources/docker/tty.js";
import { startPosition } from "../../../src/sources/position.js";
import { skipNothing } from "../../../src/sources/skipping.js";

/** json-file stores each byte of a letter that a cut went through as U+FFFD: pieces of these lengths were seen for 16,384 bytes. */
const GROWN = [16_388, 16_386];
const TS = "2026-01-31T23:59:59.123456789Z";
const NEXT_TS = "2026-01-31T23:59:59.123456999Z";

const alone: LineJoiner = { learned: undefined, relate: () => "whole", reset: () => undefined };

function linesOf(tty: boolean, bytes: Buffer, chunk: number): readonly Line[] {
  const assembler = new Assembler(startPosition(""), skipNothing(), {
    joiners: [alone, alone],
    maxLineBytes: 1e6,
  });
  const cutter = tty ? new TtyCutter(assembler) : new FrameCutter(assembler);
  for (let at = 0; at < bytes.length; at += chunk) {
    const part = Buffer.from(bytes.subarray(at, at + chunk));
    cutter.push(part, 0, part.length);
    cutter.flush();
  }
  return assembler.lines;
}

function message(tty: boolean, ts: string, text: string): Buffer {
  const payload = Buffer.from(`${ts} ${text}`);
  const header = Buffer.alloc(8);
  header[0] = 1;
  header.writeUInt32BE(payload.length, 4);
  return tty ? payload : Buffer.concat([header, payload]);
}

describe.each([false, true])("pieces that json-file made longer, TTY %s", (tty) => {
  const end = tty ? "\r\n" : "\n";
  const pieces = [`${"€".repeat(5461)}ab\uFFFD`, `\uFFFD${"€".repeat(5461)}`, `rest${end}`];
  const log = Buffer.concat([
    ...pieces.map((piece) => message(tty, TS, piece)),
    message(tty, NEXT_TS, `next${end}`),
  ]);

  it("are as long as those of a real engine", () => {
    expect(pieces.slice(0, 2).map((piece) => Buffer.byteLength(piece))).toEqual([GROWN[0], GROWN[1]]);
  });

  // 7 and 8,000 put borders into times and into pieces; the last one is a chunk for all.
  it.each([7, 8_000, 1e6])("are one line, in chunks of %d bytes", (chunk) => {
    const whole = pieces.join("").replace(end, "");
    expect(linesOf(tty, log, chunk).map(({ ts, text }) => [ts, text])).toEqual([
      [TS, whole],
      [NEXT_TS, "next"],
    ]);
  });
});
