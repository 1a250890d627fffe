import type { LaneLines } from "../core/lane.js";

const NEWLINE = 10;
/** Where the fraction of an engine timestamp begins. */
const FRACTION_AT = 20;

/** The fraction of an engine timestamp, in nanoseconds. */
export function nanosecondsOf(ts: string): number {
  return Number(ts.slice(FRACTION_AT, -1));
}

/** Hands all lines to the long way; gives their number. */
export function longAll({ bytes, ts, long }: LaneLines): number {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const first = nanosecondsOf(ts);
  let count = 0;
  for (let from = 0; from < buffer.length; ) {
    const next = buffer.indexOf(NEWLINE, from) + 1;
    const digits = String(first + count).padStart(9, "0");
    long(`${ts.slice(0, FRACTION_AT)}${digits}Z`, buffer.toString("latin1", from, next), false, false);
    count += 1;
    from = next;
  }
  return count;
}
