import { z } from "zod";
import type { Line } from "../../core/line.js";
import type { LineBatch } from "../../core/source.js";
import { isEngineTime, nsToTime, timeToNs } from "../../core/time.js";
import { OUT_OF_ORDER_NS } from "../skipping.js";
import { behind, streamIndex } from "./numbers.js";

/** Lines behind a position that were sent already, [stdout, stderr]: a batch that is too much for one message has no position inside. */
export type Ahead = readonly [StreamAhead, StreamAhead];

interface StreamAhead {
  /** Printed lines; where some of them are gone, at most. */
  readonly count: number;
  /** The last of them, should those before it be gone: then nobody can count them. Null where there are none. */
  readonly end: SentEnd | null;
}

/** The line up to which a stream was sent. */
interface SentEnd {
  /** The engine's time of it. */
  readonly ts: string;
  /** Printed lines of the stream with that time, up to it: at least so many. */
  readonly count: number;
  /** Some are gone: the earliest time that one of those left can have, or empty where it is not known. */
  readonly since?: string | undefined;
}

const NOTHING: StreamAhead = { count: 0, end: null };
export const NOTHING_AHEAD: Ahead = [NOTHING, NOTHING];

const engineTime = z.string().length(30).refine(isEngineTime);

const sentEnd: z.ZodType<SentEnd | null> = z
  .object({ ts: engineTime, count: z.int().min(0), since: z.union([z.literal(""), engineTime]).optional() })
  .nullable();

export const sentEndsSchema = z.tuple([sentEnd, sentEnd]);

/** When these lines have been sent as well. */
export function aheadBy(ahead: Ahead, lines: readonly Line[]): Ahead {
  const after: [StreamAhead, StreamAhead] = [ahead[0], ahead[1]];
  for (const line of lines) {
    const { count, end } = after[streamIndex(line)];
    after[streamIndex(line)] = { count: count + line.lines, end: endWith(end, line) };
  }
  return after;
}

/** The lines of a batch that were not sent, and what is still ahead behind it. Behind a gap the lines are known by their times. */
export function takeAhead(
  ahead: Ahead,
  { lines, gap }: Pick<LineBatch, "lines" | "gap">,
): { readonly unsent: readonly Line[]; readonly left: Ahead } {
  const from = (one: StreamAhead) => (gap === undefined ? one : someGone(one, gap.from));
  const left: [StreamAhead, StreamAhead] = [from(ahead[0]), from(ahead[1])];
  if (left[0].count === 0 && left[1].count === 0) return { unsent: lines, left: NOTHING_AHEAD };
  const unsent: Line[] = [];
  for (const line of lines) {
    const stream = streamIndex(line);
    const [rest, next] = take(left[stream], line);
    left[stream] = next.count === 0 ? NOTHING : next;
    if (rest !== undefined) unsent.push(rest);
  }
  return { unsent, left };
}

/** What of a line was not sent, and what is ahead behind it. */
function take(ahead: StreamAhead, line: Line): [Line | undefined, StreamAhead] {
  const { count, end } = ahead;
  if (count === 0) return [line, ahead];
  if (end?.since === undefined) return [behind(line, count), { count: Math.max(0, count - line.lines), end }];
  const ts = line.lastTs ?? line.ts;
  if (ts > end.ts || ts < end.since || (ts === end.ts && end.count === 0)) return [line, NOTHING];
  if (ts < end.ts) return [undefined, ahead];
  return [undefined, { count, end: { ...end, count: Math.max(0, end.count - linesAtEnd(line)) } }];
}

function someGone(ahead: StreamAhead, from: string | undefined): StreamAhead {
  const { count, end } = ahead;
  if (end === null) return NOTHING;
  if (end.since !== undefined) return ahead;
  const since = from === undefined ? "" : nsToTime(timeToNs(from) - OUT_OF_ORDER_NS);
  return { count, end: { ...end, since } };
}

function endWith(end: SentEnd | null, line: Line): SentEnd {
  const ts = line.lastTs ?? line.ts;
  const before = end?.ts === ts ? end.count : 0;
  const count = before + linesAtEnd(line);
  // While some of those before it may be gone nobody can count any of them.
  return end?.since === undefined ? { ts, count } : { ts, count, since: end.since };
}

/** Printed lines of an event that have the time of its last one: at least so many. */
function linesAtEnd({ ts, lastTs, lines }: Line): number {
  return lastTs === undefined || lastTs === ts ? lines : 1;
}
