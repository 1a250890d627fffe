import { z } from "zod";
import type { LearnedForm, StreamName } from "../core/line.js";
import { isEngineTime } from "../core/time.js";

/** 0 stdout, 1 stderr: index of a stream in pairs. */
export type StreamIndex = 0 | 1;

export const STREAM_NAMES: readonly [StreamName, StreamName] = ["stdout", "stderr"];

/**
 * How far a container was read, exact on every engine.
 *
 * Engine times are not monotonic and `since` cannot tell two messages of one nanosecond apart, so a place in
 * a log is the anchor (the last message that is strictly later than all before it: no earlier message can
 * carry its time) and the number of messages from it on. The unit is the message, which is what the engine
 * stores: a line longer than 16,384 bytes is several.
 */
export interface Position {
  /** Engine time of the anchor; empty while nothing was taken. */
  readonly anchor: string;
  /** Messages taken from the anchor on, the anchor among them. */
  readonly taken: number;
  /** Engine time where reading began, or empty for the beginning of the log. */
  readonly floor: string;
  /**
   * Messages behind this place that were taken already, [stdout, stderr]: while a line or a stack trace of one
   * stream is not whole yet the position stays before it, and the other stream goes on.
   */
  readonly ahead: readonly [number, number];
  /** The message just before this place, [time, stream, bytes]: finds it again when the anchor was rotated away. */
  readonly last: readonly [ts: string, stream: StreamIndex, bytes: number];
  /** What the lines before it have taught of their form, [stdout, stderr]; absent while that is nothing. */
  readonly forms?: readonly [LearnedForm | null, LearnedForm | null] | undefined;
  /** The same place in the engine's log file, when it was read from there: believed only when `last` stands before it. */
  readonly file?: FilePlace | undefined;
}

/** A place in one of the engine's log files. */
export interface FilePlace {
  readonly inode: number;
  /** Bytes from the file's beginning. */
  readonly offset: number;
}

const engineTime = z
  .string()
  .refine((text) => text === "" || (text.length === 30 && isEngineTime(text)), "not an engine time");

/** What a container's lines taught, as it is stored and sent. */
export const learnedForm: z.ZodType<LearnedForm> = z.object({
  kind: z.string(),
  score: z.int(),
  named: z.int().min(0),
  unnamed: z.int().min(0),
  column: z.int().min(0),
  process: z.int().min(0).optional(),
  dotted: z.int().optional(),
});

/** What a checkpoint must hold for a container to be read on from there. */
export const positionSchema: z.ZodType<Position> = z.object({
  anchor: engineTime,
  taken: z.int().min(0),
  floor: engineTime,
  ahead: z.tuple([z.int().min(0), z.int().min(0)]),
  last: z.tuple([engineTime, z.union([z.literal(0), z.literal(1)]), z.int().min(0)]),
  forms: z.tuple([learnedForm.nullable(), learnedForm.nullable()]).optional(),
  file: z.object({ inode: z.number().min(1), offset: z.int().min(0) }).optional(),
});

/** The position of a container that was never read; `from` is an engine time, or empty for the log's beginning. */
export function startPosition(from: string): Position {
  return { anchor: "", taken: 0, floor: from, ahead: [0, 0], last: ["", 0, 0] };
}

/** A place between two messages that moves while reading: the mutable side of `Position`. */
export class Cursor {
  anchor: string;
  taken: number;
  readonly floor: string;
  /** Messages passed since this cursor was made, by stream. */
  readonly passed: [number, number] = [0, 0];
  lastTs: string;
  lastStream: StreamIndex;
  lastBytes: number;
  /** Of the file that this place is in, or 0 when it was not read from a file. */
  inode: number;
  offset: number;
  /** Where the message that is passed next ends. */
  nextInode = 0;
  nextOffset = 0;

  constructor(position: Position) {
    this.anchor = position.anchor;
    this.taken = position.taken;
    this.floor = position.floor;
    [this.lastTs, this.lastStream, this.lastBytes] = position.last;
    this.inode = position.file?.inode ?? 0;
    this.offset = position.file?.offset ?? 0;
  }

  pass(ts: string, stream: StreamIndex, bytes: number): void {
    if (ts > this.anchor) {
      this.anchor = ts;
      this.taken = 1;
    } else this.taken += 1;
    this.passed[stream] += 1;
    this.lastTs = ts;
    this.lastStream = stream;
    this.lastBytes = bytes;
    this.inode = this.nextInode;
    this.offset = this.nextOffset;
  }

  mark(): Mark {
    return {
      anchor: this.anchor,
      taken: this.taken,
      floor: this.floor,
      passed: [this.passed[0], this.passed[1]],
      last: [this.lastTs, this.lastStream, this.lastBytes],
      inode: this.inode,
      offset: this.offset,
    };
  }
}

/** A cursor at rest. */
export interface Mark {
  readonly anchor: string;
  readonly taken: number;
  readonly floor: string;
  readonly passed: readonly [number, number];
  readonly last: readonly [string, StreamIndex, number];
  readonly inode: number;
  readonly offset: number;
}

/**
 * The position from which nothing that is still pending would be lost and nothing handed on would come again.
 * `pending` holds, by stream, the mark before its first unfinished message; `skipping` what a resume still
 * has to leave out of each stream.
 */
export function positionOf(
  now: Mark,
  pending: readonly [Mark | undefined, Mark | undefined],
  skipping: readonly [number, number],
): Position {
  const low = earliest(pending) ?? now;
  const ahead = [0, 1].map((stream) => {
    const handedOn = (pending[stream] ?? now).passed[stream]!;
    return handedOn - low.passed[stream]! + skipping[stream]!;
  });
  return {
    anchor: low.anchor,
    taken: low.taken,
    floor: low.floor,
    ahead: [ahead[0]!, ahead[1]!],
    last: low.last,
    ...(low.inode !== 0 && { file: { inode: low.inode, offset: low.offset } }),
  };
}

function earliest(pending: readonly [Mark | undefined, Mark | undefined]): Mark | undefined {
  const [out, err] = pending;
  if (out === undefined || err === undefined) return out ?? err;
  return total(out) <= total(err) ? out : err;
}

function total(mark: Mark): number {
  return mark.passed[0] + mark.passed[1];
}
