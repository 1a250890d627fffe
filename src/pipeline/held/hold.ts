import type { Container } from "../../core/container.js";
import type { WaitingTargets } from "../../core/decision.js";
import type { LogRecord } from "../../core/record.js";
import { nsToTime, timeToNs } from "../../core/time.js";

/** The first of equal records, kept back until its window is over. */
export interface Hold {
  readonly key: string;
  readonly container: Container;
  readonly waiting: WaitingTargets;
  /** Written as `rule` in raw. */
  readonly rule: string | undefined;
  /** The record as it will be written, but for what `repeated` and `last_ts` say: JSON text. */
  readonly recordText: string;
  /** Lines that the ledger has as held; 0 where another part of the decision has written them already. */
  readonly lines: number;
  readonly ts: string;
  /** The window is over from this engine time on. */
  readonly dueTs: string;
  /** The window is over at this time of the clock as well, in milliseconds of `performance.now()`. */
  readonly dueMs: number;
  /** How many records it stands for. */
  repeated: number;
  lastTs: string;
}

export interface HoldSource extends Pick<Hold, "key" | "waiting" | "rule" | "lines"> {
  /** With `repeated` and `last_ts` when it was held before. */
  readonly record: LogRecord;
  readonly nowMs: number;
}

export function makeHold({ record, key, waiting, rule, lines, nowMs }: HoldSource): Hold {
  return {
    key,
    container: record.container,
    waiting,
    rule,
    lines,
    recordText: recordTextOf(record),
    ts: record.ts,
    dueTs: nsToTime(timeToNs(record.ts) + windowNs(waiting)),
    dueMs: nowMs + waiting.windowMs,
    repeated: record.repeated ?? 1,
    lastTs: record.last_ts ?? record.ts,
  };
}

/**
 * Whether a record of this engine time is in the window. Engines stamp lines out of order, so it can be a little earlier than the
 * first; one that is earlier by a whole window comes from a clock that was set back.
 */
export function isWithin({ ts: first, dueTs, waiting }: Hold, ts: string): boolean {
  if (ts >= first) return ts < dueTs;
  return timeToNs(first) - timeToNs(ts) < windowNs(waiting);
}

function windowNs({ windowMs }: WaitingTargets): bigint {
  return BigInt(windowMs) * 1_000_000n;
}

/** UTF-16 code units of what it keeps in memory. */
export function sizeOf({ key, recordText }: Hold): number {
  return key.length + recordText.length;
}

/** The record to write: one that happened once says nothing of it. */
export function heldRecord(hold: Hold): LogRecord {
  const { repeated, lastTs, recordText, container } = hold;
  const record = recordFrom(recordText, container);
  return repeated === 1 ? record : { ...record, repeated, last_ts: lastTs };
}

/**
 * Text rather than the record: it is what a commit stores, it is smaller, and it does not keep alive the batch of lines that
 * the record's texts are slices of. The app's object is text inside it, so that long numbers stay as they are.
 */
function recordTextOf(record: LogRecord): string {
  const { data, dataText } = record;
  const onlyOne = { data: dataText === undefined ? data : undefined, dataText };
  return JSON.stringify({
    ...record,
    ...onlyOne,
    container: undefined,
    repeated: undefined,
    last_ts: undefined,
  });
}

/** A record as `recordTextOf` wrote it. */
export function recordFrom(text: string, container: Container): LogRecord {
  const { data, dataText, ...stored } = JSON.parse(text) as LogRecord;
  return {
    ts: stored.ts,
    level: stored.level,
    component: stored.component,
    event_type: stored.event_type,
    message: stored.message,
    stream: stored.stream,
    tags: stored.tags,
    data: dataText === undefined ? data : (JSON.parse(dataText) as LogRecord["data"]),
    dataText,
    wish: stored.wish,
    text: stored.text,
    container,
    truncated: stored.truncated,
    lines: stored.lines,
    repeated: undefined,
    last_ts: undefined,
  };
}
