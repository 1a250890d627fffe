import type { LineJoiner } from "../../src/core/line.js";
import { createJoiner } from "../../src/records/joiner.js";
import { sampleContainer } from "./samples.js";

/** The events of some lines: each a list of its lines, as a source puts them together. */
export function events(
  lines: readonly string[],
  joiner: LineJoiner = createJoiner(sampleContainer()),
): string[][] {
  const all: string[][] = [];
  for (const line of lines) {
    if (joiner.relate(line) === "joins") all.at(-1)?.push(line);
    else all.push([line]);
  }
  return all;
}
