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
  /** The last of these, by stream, should the place be gone: then nobody can count them. Absent while there are none. */
  readonly aheadTo?: readonly [AheadEnd | null, AheadEnd | null] | undefined;
  /** Engine time of the message just behind a place before which nothing was taken; another one there means that it is gone. */
  readonly begins?: string | undefined;
  /** The message just before this place, [time, stream, bytes]: finds it again when the anchor was rotated away. */
  readonly last: readonly [ts: string, stream: StreamIndex, bytes: number];
  /** What the lines before it have taught of their form, [stdout, stderr]; absent while that is nothing. */
  readonly forms?: readonly [LearnedForm | null, LearnedForm | null] | undefined;
  /** The same place in the engine's log file, when it was read from there: believed only when `last` stands before it. */
  readonly file?: FilePlace | undefined;
}

/** The message up to which one stream was taken. */
export interface AheadEnd {
  readonly ts: string;
  /** Messages of the stream with that time, up to it. */
  readonly count: number;
  /** Some of those that `ahead` counts were removed by rotation: it counts too many. */
  readonly partly?: boolean | undefined;
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
  timeless: z.int().optional(),
});

const aheadEnd = z
  .object({ ts: engineTime, count: z.int().min(1), partly: z.boolean().optional() })
  .nullable();

/** What a checkpoint must hold for a container to be read on from there. */
export const positionSchema: z.ZodType<Position> = z.object({
  anchor: engineTime,
  taken: z.int().min(0),
  floor: engineTime,
  ahead: z.tuple([z.int().min(0), z.int().min(0)]),
  aheadTo: z.tuple([aheadEnd, aheadEnd]).optional(),
  begins: engineTime.optional(),
  last: z.tuple([engineTime, z.union([z.literal(0), z.literal(1)]), z.int().min(0)]),
  forms: z.tuple([learnedForm.nullable(), learnedForm.nullable()]).optional(),
  file: z.object({ inode: z.number().min(1), offset: z.int().min(0) }).optional(),
});

/** The position of a container that was never read; `from` is an engine time, or empty for the log's beginning. */
export function startPosition(from: string): Position {
  return { anchor: "", taken: 0, floor: from, ahead: [0, 0], last: ["", 0, 0] };
}
