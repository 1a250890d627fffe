import type { Line } from "../../core/line.js";
import type { LineBatch } from "../../core/source.js";

/** Printed lines of a container before a place, by stream, and batches that had none. */
export type Counts = readonly [stdout: number, stderr: number, bare: number];

/**
 * A place in a container's log, by number. Lines are counted by stream: the order of one stream is fixed, while that of two depends on
 * how they were read. Numbers of one epoch can be compared, others cannot.
 */
export interface LineNumbers {
  /** The engine's time of the first line that was counted: whoever begins there again counts the same. */
  readonly epoch: string;
  readonly counts: Counts;
}

/** The epoch of a container that has not printed anything. */
export const NO_LINES = "none";

const NOTHING: Counts = [0, 0, 0];

/** Behind the batch, when `before` is the place before it. Behind a gap nobody knows the numbers: counting begins anew. */
export function numbersAfter(
  before: LineNumbers | undefined,
  { lines, gap }: Pick<LineBatch, "lines" | "gap">,
): LineNumbers {
  const [first] = lines;
  if (first === undefined) {
    const { epoch, counts } = before ?? { epoch: NO_LINES, counts: NOTHING };
    return { epoch, counts: [counts[0], counts[1], counts[2] + 1] };
  }
  const goesOn = before !== undefined && before.epoch !== NO_LINES && gap === undefined;
  const { epoch, counts } = goesOn ? before : { epoch: first.ts, counts: NOTHING };
  const [stdout, stderr] = printedLines(lines);
  return { epoch, counts: [counts[0] + stdout, counts[1] + stderr, counts[2]] };
}

/** Where the batch between the two places begins, in the epoch in which it ends. */
export function beginOf(before: LineNumbers | undefined, after: LineNumbers): Counts {
  return before?.epoch === after.epoch ? before.counts : NOTHING;
}

export function isSamePlace(one: LineNumbers | undefined, other: LineNumbers | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.epoch === other.epoch && one.counts.every((count, index) => count === other.counts[index]);
}

/** How many lines the apps printed for these, by stream. */
export function printedLines(lines: readonly Line[]): [stdout: number, stderr: number] {
  const printed: [number, number] = [0, 0];
  for (const line of lines) printed[streamIndex(line)] += line.lines;
  return printed;
}

/** Without the first printed lines of each stream. Of an event that has some of them, those behind are left. */
export function withoutFirst(lines: readonly Line[], skip: readonly [number, number]): Line[] {
  const left: [number, number] = [skip[0], skip[1]];
  const kept: Line[] = [];
  for (const line of lines) {
    const stream = streamIndex(line);
    const rest = behind(line, left[stream]);
    left[stream] = Math.max(0, left[stream] - line.lines);
    if (rest !== undefined) kept.push(rest);
  }
  return kept;
}

/** What is left of an event without its first printed lines. */
export function behind(line: Line, passed: number): Line | undefined {
  if (passed === 0) return line;
  return passed < line.lines ? restOf(line, passed) : undefined;
}

/** An event without its first printed lines. Where its text is no longer that of the lines (a secret went over several), all of it stays. */
function restOf(line: Line, passed: number): Line {
  const texts = line.text.split("\n");
  const text = texts.length === line.lines ? texts.slice(passed).join("\n") : line.text;
  return { ...line, text, lines: line.lines - passed };
}

export function streamIndex({ stream }: Pick<Line, "stream">): 0 | 1 {
  return stream === "stdout" ? 0 : 1;
}
