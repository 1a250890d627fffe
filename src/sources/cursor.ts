import type { AheadEnd, Position, StreamIndex } from "./position.js";
import type { Skipping } from "./skipping.js";

/** A place between two messages that moves while reading: the mutable side of `Position`. */
export class Cursor {
  anchor: string;
  taken: number;
  readonly floor: string;
  /** Messages passed since this cursor was made, by stream. */
  readonly passed: [number, number] = [0, 0];
  /** Time of the last message of each stream, and how many in a row had it. */
  readonly #ends: [string, string] = ["", ""];
  readonly #atEnd: [number, number] = [0, 0];
  /** Time of the first message that was shown to `next`. */
  begins: string;
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
    this.begins = position.begins ?? "";
    [this.lastTs, this.lastStream, this.lastBytes] = position.last;
    this.inode = position.file?.inode ?? 0;
    this.offset = position.file?.offset ?? 0;
  }

  /** The place is gone, and what is left begins with a message of this time. What stood last before it stays: it tells that the log was read before. */
  beginAnew(ts: string): void {
    this.anchor = "";
    this.taken = 0;
    this.begins = ts;
    this.inode = 0;
    this.offset = 0;
  }

  /** A message stands behind this place. */
  next(ts: string): void {
    if (this.begins === "") this.begins = ts;
  }

  pass(ts: string, stream: StreamIndex, bytes: number): void {
    if (ts > this.anchor) {
      this.anchor = ts;
      this.taken = 1;
    } else this.taken += 1;
    this.passed[stream] += 1;
    if (ts === this.#ends[stream]) this.#atEnd[stream] += 1;
    else {
      this.#ends[stream] = ts;
      this.#atEnd[stream] = 1;
    }
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
      begins: this.begins,
      out: this.passed[0],
      err: this.passed[1],
      outEnd: this.#ends[0],
      errEnd: this.#ends[1],
      atOutEnd: this.#atEnd[0],
      atErrEnd: this.#atEnd[1],
      lastTs: this.lastTs,
      lastStream: this.lastStream,
      lastBytes: this.lastBytes,
      inode: this.inode,
      offset: this.offset,
    };
  }
}

/** A cursor at rest. One object without others in it: one is made for each line that may go on. */
export interface Mark {
  readonly anchor: string;
  readonly taken: number;
  readonly floor: string;
  readonly begins: string;
  /** Messages passed of each stream, … */
  readonly out: number;
  readonly err: number;
  /** … the time of its last one, and how many in a row had it. */
  readonly outEnd: string;
  readonly errEnd: string;
  readonly atOutEnd: number;
  readonly atErrEnd: number;
  readonly lastTs: string;
  readonly lastStream: StreamIndex;
  readonly lastBytes: number;
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
  skipping: Skipping,
): Position {
  const low = earliest(pending) ?? now;
  const ahead = (stream: StreamIndex) =>
    passedOf(pending[stream] ?? now, stream) - passedOf(low, stream) + skipping.counts[stream];
  const counts = [ahead(0), ahead(1)] as const;
  const end = (stream: StreamIndex) =>
    skipping.counts[stream] > 0 ? skipping.end(stream) : endOf(pending[stream] ?? now, stream);
  return {
    anchor: low.anchor,
    taken: low.taken,
    floor: low.floor,
    ahead: counts,
    ...((counts[0] > 0 || counts[1] > 0) && {
      aheadTo: [counts[0] > 0 ? end(0) : null, counts[1] > 0 ? end(1) : null],
    }),
    ...(low.taken === 0 && low.begins !== "" && { begins: low.begins }),
    last: [low.lastTs, low.lastStream, low.lastBytes],
    ...(low.inode !== 0 && { file: { inode: low.inode, offset: low.offset } }),
  };
}

function passedOf({ out, err }: Mark, stream: StreamIndex): number {
  return stream === 0 ? out : err;
}

function endOf(mark: Mark, stream: StreamIndex): AheadEnd {
  return stream === 0 ? { ts: mark.outEnd, count: mark.atOutEnd } : { ts: mark.errEnd, count: mark.atErrEnd };
}

function earliest(pending: readonly [Mark | undefined, Mark | undefined]): Mark | undefined {
  const [out, err] = pending;
  if (out === undefined || err === undefined) return out ?? err;
  return out.out + out.err <= err.out + err.err ? out : err;
}
