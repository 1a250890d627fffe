import { describe, expect, it } from "vitest";
import { createJoiner } from "../../src/records/joiner.js";
import { Assembler } from "../../src/sources/assembler.js";
import { CLEAR } from "../../src/sources/messages.js";
import { startPosition } from "../../src/sources/position.js";
import { skipNothing } from "../../src/sources/skipping.js";
import { sampleContainer } from "../records/samples.js";

const TS = "2026-11-29T09:00:00.000000000Z";

describe("lines that were looked at for secrets", () => {
  it("are known to be clear, but not what several of them are together", () => {
    const joiner = () => createJoiner(sampleContainer());
    const assembler = new Assembler(startPosition(""), skipNothing(), {
      maxLineBytes: 1000,
      joiners: [joiner(), joiner()],
    });
    const lines = [
      "one",
      "Traceback (most recent call last):",
      '  File "a.py", line 1',
      "KeyError: 7",
      '{"n":1}',
    ];
    for (const line of lines) assembler.message(TS, 0, `${line}\n`, true, CLEAR);
    assembler.message(TS, 0, '{"n":2}\n', true);
    expect(assembler.lines.map(({ lines, clear }) => [lines, clear === true])).toEqual([
      [1, true],
      [3, false],
      [1, true],
      [1, false],
    ]);
  });
});
