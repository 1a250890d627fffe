import type { MessageSink } from "../messages.js";
import type { Position, StreamIndex } from "../position.js";
import type { EngineAddress } from "./engine.js";
import { FrameCutter } from "./frames.js";
import { readLogStream } from "./log-stream.js";
import { bounded, nextSeek, Resume, type Seek } from "./resume.js";
import type { StaleCopies } from "./stale-copies.js";
import { TtyCutter } from "./tty.js";

interface SnapshotOptions {
  readonly address: EngineAddress;
  readonly id: string;
  readonly tty: boolean;
  /** Where it begins. */
  readonly place: Position;
  /** How many messages before the log's end the place is looked for at first. */
  readonly tailMessages: number;
  /** About how many messages the log holds at most. */
  readonly wholeMessages: number;
  /** Present where a snapshot may show what the log no longer is. */
  readonly stale: StaleCopies | undefined;
  readonly signal: AbortSignal;
  /** Takes the messages behind the place. */
  readonly take: MessageSink["message"];
  /** The place is no longer there: all that the engine holds comes, and this first, when the promise is settled. */
  readonly lost: (ts: string, stream: StreamIndex, raw: string) => Promise<void>;
  /** All messages of one read were taken; a promise means: wait. */
  readonly read: (receivedMs: number) => Promise<void> | undefined;
}

/**
 * Brings what the engine holds behind a place, which is looked for further and further back.
 * False when the connection was cut, or what came was not what the log is. Throws when the engine refuses or is away.
 */
export async function readBehind(options: SnapshotOptions): Promise<boolean> {
  let seek = bounded({ by: "tail", tailMessages: options.tailMessages }, options.wholeMessages);
  for (;;) {
    const end = await readOnce(options, seek);
    if (end !== "lost") return end === "whole";
    if (options.stale?.hides(options.place, seek.by)) return false;
    seek = bounded(nextSeek(seek), options.wholeMessages);
  }
}

async function readOnce(options: SnapshotOptions, seek: Seek): Promise<"whole" | "lost" | "cut"> {
  const { address, id, tty, place, stale, signal } = options;
  const resume = new Resume(place, seek);
  const leaving = new AbortController();
  const fits = stale?.check(place);
  let left: "lost" | "cut" | undefined;
  /** Messages that wait until what stands before them is settled. */
  const waiting: Parameters<MessageSink["message"]>[] = [];
  let before: Promise<void> | undefined;
  const sink: MessageSink = {
    message(ts, stream, raw, ascii) {
      if (left !== undefined) return;
      const verdict = resume.done ? "new" : resume.judge(ts, stream, raw);
      if (verdict === "lost") {
        left = "lost";
        // A reading of copies is read to its end: as long as it goes on, the next one would be shown them too.
        if (stale === undefined) leaving.abort();
      }
      if (verdict !== "new") return;
      if (fits?.(ts, stream) === false) {
        left = "cut";
        return;
      }
      if (resume.gone) before ??= options.lost(ts, stream, raw);
      if (before === undefined) options.take(ts, stream, raw, ascii);
      else waiting.push([ts, stream, raw, ascii]);
    },
  };
  const cutter = tty ? new TtyCutter(sink, place.last) : new FrameCutter(sink);
  const settle = async () => {
    await before;
    for (const message of waiting.splice(0)) options.take(...message);
  };
  const body = {
    span: (buffer: Buffer, start: number, end: number) => cutter.push(buffer, start, end),
    read: (receivedMs: number) => {
      cutter.flush();
      if (before === undefined) return options.read(receivedMs);
      return settle().then(() => options.read(receivedMs));
    },
  };
  if (signal.aborted) return "cut";
  const query = { follow: false, ahead: true, ...resume.range() };
  const end = await readLogStream(address, id, query, body, AbortSignal.any([signal, leaving.signal]));
  if (end === "whole") cutter.end();
  await settle();
  if (left !== undefined) return left;
  return resume.found || end === "cut" ? end : "lost";
}
