import { z } from "zod";
import type { Line } from "../../core/line.js";
import type { Gap } from "../../core/source.js";
import type { MessageHead, SentBatch } from "./message.js";
import {
  beginOf,
  behind,
  type Counts,
  isSamePlace,
  type LineNumbers,
  streamIndex,
  withoutFirst,
} from "./numbers.js";

const countSchema = z.int().min(0);
const numbersSchema = z.object({
  epoch: z.string(),
  counts: z.tuple([countSchema, countSchema, countSchema]),
});
const newestSchema = z.tuple([z.string(), countSchema]);

/** What was stored of a container; JSON, durable together with it. */
export const progressSchema = z.object({
  numbers: numbersSchema,
  /** By stream: the newest time of a line, and how many printed lines have it. */
  newest: z.tuple([newestSchema, newestSchema]),
  /** Where earlier epochs ended, newest first. */
  earlier: z.array(numbersSchema),
  /** By stream, while lines come that may be stored already and have other numbers: those up to here are. */
  known: z.tuple([newestSchema.nullable(), newestSchema.nullable()]),
});

export type Progress = z.infer<typeof progressSchema>;
type Newest = Progress["newest"][0];

/** What of a batch is to be stored. */
export interface Verdict {
  /** `missing`: messages before it are not in the stream, or came to it by another way. */
  readonly kind: "next" | "older" | "overlapping" | "missing";
  readonly lines: readonly Line[];
  readonly gap: Gap | undefined;
  readonly progress: Progress;
}

const EARLIER_KEPT = 8;
const UNREAD: Progress = {
  numbers: { epoch: "", counts: [0, 0, 0] },
  newest: [
    ["", 0],
    ["", 0],
  ],
  earlier: [],
  known: [null, null],
};

/** Everything of the message was stored before, as its headers tell. */
export function isOlder(progress: Progress | undefined, { after }: Pick<MessageHead, "after">): boolean {
  if (progress === undefined) return false;
  const { numbers, earlier } = progress;
  const known = [numbers, ...earlier].find(({ epoch }) => epoch === after.epoch);
  return known !== undefined && after.counts.every((count, index) => count <= known.counts[index]!);
}

/** Decides what of a batch is new, by its place alone: what number a stream gives to a message says nothing, for it may give it again. */
export function judge(progress: Progress | undefined, batch: SentBatch): Verdict {
  if (progress === undefined) return judgeFirst(batch);
  if (isOlder(progress, batch)) return { kind: "older", lines: [], gap: undefined, progress };
  const { before, after } = batch;
  if (after.epoch === progress.numbers.epoch) return judgeByNumber(progress, batch);
  if (isSamePlace(before, progress.numbers)) return store("next", progress, batch, batch.lines, batch.gap);
  return judgeByTime(progress, batch);
}

function judgeFirst(batch: SentBatch): Verdict {
  const [stdout, stderr] = beginOf(batch.before, batch.after);
  const isBegun =
    stdout + stderr > 0 || (batch.before !== undefined && batch.before.epoch !== batch.after.epoch);
  const gap = batch.gap ?? (isBegun ? missing(undefined, batch) : undefined);
  return store(isBegun ? "missing" : "next", UNREAD, batch, batch.lines, gap);
}

function judgeByNumber(progress: Progress, batch: SentBatch): Verdict {
  const { counts } = progress.numbers;
  const begin = beginOf(batch.before, batch.after);
  const skip = [Math.max(0, counts[0] - begin[0]), Math.max(0, counts[1] - begin[1])] as const;
  const lost = Math.max(0, begin[0] - counts[0]) + Math.max(0, begin[1] - counts[1]);
  const lines = withoutFirst(batch.lines, skip);
  if (lost > 0) return store("missing", progress, batch, lines, batch.gap ?? missing(progress, batch, lost));
  const overlaps = lines.length < batch.lines.length || skip[0] + skip[1] > 0;
  // A gap that stands before lines was told with the first of them.
  const gap = overlaps && batch.lines.length > 0 ? undefined : batch.gap;
  return store(overlaps && batch.lines.length > 0 ? "overlapping" : "next", progress, batch, lines, gap);
}

/** It was counted from elsewhere: the lines' times tell which are known. */
function judgeByTime(progress: Progress, batch: SentBatch): Verdict {
  const marked: Progress = { ...progress, known: knownOf(progress) };
  const { lines } = withoutKnown(marked, batch.lines);
  const newest = newestTime(progress);
  const { before, gap } = batch;
  if (batch.lines.length === 0) return store("next", marked, batch, [], gap);
  const isAhead = before?.epoch === progress.numbers.epoch && isBehind(progress.numbers.counts, before);
  if (lines.length < batch.lines.length && !isAhead) {
    const isNew = gap !== undefined && (gap.to === undefined || gap.to > newest);
    return store("overlapping", marked, batch, batch.lines, isNew ? gap : undefined);
  }
  return store("missing", marked, batch, batch.lines, gap ?? missing(progress, batch));
}

/** Whether the place lies behind the counts. */
function isBehind(counts: Counts, { counts: place }: LineNumbers): boolean {
  return place.some((count, index) => count > counts[index]!);
}

function store(
  kind: Verdict["kind"],
  progress: Progress,
  { after }: SentBatch,
  offered: readonly Line[],
  gap: Gap | undefined,
): Verdict {
  const { lines, known } = withoutKnown(progress, offered);
  const { numbers } = progress;
  const newest: Progress["newest"] = [progress.newest[0], progress.newest[1]];
  for (const line of lines) newest[streamIndex(line)] = newestWith(newest[streamIndex(line)], line);
  if (after.epoch === numbers.epoch) {
    const counts = after.counts.map((count, index) => Math.max(count, numbers.counts[index]!));
    const joined = {
      epoch: after.epoch,
      counts: [counts[0]!, counts[1]!, counts[2]!] as [number, number, number],
    };
    return { kind, lines, gap, progress: { ...progress, numbers: joined, newest, known } };
  }
  const others = [numbers, ...progress.earlier].filter(({ epoch }) => epoch !== after.epoch && epoch !== "");
  const earlier = others.slice(0, EARLIER_KEPT);
  const { epoch, counts } = after;
  return { kind, lines, gap, progress: { numbers: { epoch, counts: [...counts] }, newest, earlier, known } };
}

function withoutKnown(
  progress: Progress,
  offered: readonly Line[],
): { readonly lines: readonly Line[]; readonly known: Progress["known"] } {
  const known: Progress["known"] = [progress.known[0], progress.known[1]];
  if (known[0] === null && known[1] === null) return { lines: offered, known };
  const lines: Line[] = [];
  for (const line of offered) {
    const stream = streamIndex(line);
    const until = known[stream];
    if (until === null) lines.push(line);
    else if (line.ts > until[0]) {
      known[stream] = null;
      lines.push(line);
    } else if (line.ts === until[0]) {
      const passed = Math.min(until[1], line.lines);
      known[stream] = [until[0], until[1] - passed];
      const rest = behind(line, passed);
      if (rest !== undefined) lines.push(rest);
    }
  }
  return { lines, known };
}

function knownOf({ newest }: Progress): Progress["known"] {
  return [newest[0][0] === "" ? null : newest[0], newest[1][0] === "" ? null : newest[1]];
}

function newestWith(newest: Newest, { ts, lines }: Line): Newest {
  if (ts > newest[0]) return [ts, lines];
  return ts === newest[0] ? [ts, newest[1] + lines] : newest;
}

function newestTime({ newest }: Progress): string {
  return newest[0][0] > newest[1][0] ? newest[0][0] : newest[1][0];
}

function missing(progress: Progress | undefined, { lines }: SentBatch, lost?: number): Gap {
  const from = progress === undefined ? undefined : newestTime(progress) || undefined;
  const what =
    lost === undefined ? "what the forwarder sent before" : `${lost} lines that the forwarder sent before`;
  return { from, to: lines[0]?.ts, why: `${what} can no longer be had from the stream` };
}
