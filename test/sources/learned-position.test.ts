import { describe, expect, it } from "vitest";
import type { Line } from "../../src/core/line.js";
import { createJoiner } from "../../src/records/joiner.js";
import { Assembler } from "../../src/sources/assembler.js";
import {
  type Position,
  positionSchema,
  type StreamIndex,
  startPosition,
} from "../../src/sources/position.js";
import { Skipping } from "../../src/sources/skipping.js";
import { sampleContainer } from "../records/samples.js";

const printed: readonly (readonly [StreamIndex, string])[] = [
  ...[1, 2, 3, 4].map((second) => [0, `2026-11-29 09:00:0${second} INFO a`] as const),
  [0, "second line"],
  [1, "[a] starting"],
  [0, "  third"],
  [1, "[b] two"],
  [0, "2026-11-29 09:00:06 INFO spawned: x"],
  [1, "plain"],
  [0, "more of it"],
  [0, "2026-11-29 09:00:08 INFO end"],
];
const timeOf = (at: number) => `2026-11-29T09:00:00.${String(at).padStart(9, "0")}Z`;

function read(from: Position, first: number, last: number): readonly [Line[], Position] {
  const skipping = new Skipping(from);
  const joiners = [createJoiner(sampleContainer()), createJoiner(sampleContainer())] as const;
  const assembler = new Assembler(from, skipping, { joiners, maxLineBytes: 1e6 });
  printed.slice(first, last).forEach(([stream, text], at) => {
    const ts = timeOf(first + at);
    if (skipping.leavesOut(ts, stream)) assembler.skip(ts, stream, text.length + 1);
    else assembler.message(ts, stream, `${text}\n`, true);
  });
  if (last === printed.length) assembler.end();
  return [assembler.drain().lines, assembler.position()];
}

const shown = (lines: readonly Line[], stream: string) =>
  lines.filter((line) => line.stream === stream).map(({ text, learned }) => [text, learned]);

describe("a position", () => {
  it("holds what was learned, so that a resumed reading joins and reads the same", () => {
    const [whole] = read(startPosition(""), 0, printed.length);
    for (let cut = 1; cut < printed.length; cut += 1) {
      const [before, stored] = read(startPosition(""), 0, cut);
      const position = positionSchema.parse(JSON.parse(JSON.stringify(stored)));
      const taken = printed.findIndex((_, at) => timeOf(at) === position.last[0]) + 1;
      const [after] = read(position, taken, printed.length);
      for (const stream of ["stdout", "stderr"]) {
        expect(shown([...before, ...after], stream)).toEqual(shown(whole, stream));
      }
    }
  });

  it("says nothing of what was learned while nothing was", () => {
    expect(read(startPosition(""), 0, 0)[1]).not.toHaveProperty("forms");
  });
});
