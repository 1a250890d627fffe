import { systemCode } from "../core/errors.js";
import { type Entry, readEntries, timeIfWanted, type Wanted } from "../reading/entries.js";
import { DISORDER_BYTES } from "../reading/newest.js";
import { findSegment } from "../reading/read-lines.js";
import { plainPath, type SegmentFile } from "../reading/segments.js";
import type { Finds } from "./found.js";
import type { Range } from "./index/where-to-look.js";
import { eachLine, Needle } from "./needle.js";
import { type Piece, piecesBack, piecesForward } from "./pieces.js";
import type { Query } from "./query.js";

export interface HitsRequest {
  readonly logDir: string;
  readonly query: Query;
  readonly wanted: Wanted;
  /** Later ones are left out; an engine timestamp. */
  readonly until: string | undefined;
  readonly found: Finds;
  readonly signal: AbortSignal;
}

const WHOLE: Range = { start: 0, end: Number.POSITIVE_INFINITY };

/** Looks through one segment at a time, its bytes before its lines. */
export class SegmentHits {
  readonly #request: HitsRequest;
  readonly #needle: Needle | undefined;

  constructor(request: HitsRequest) {
    this.#request = request;
    this.#needle = Needle.of(request.query.required);
  }

  /** Adds what the segment holds, in the ranges if any are given. Whether the segments of its series in front of it can hold nothing that is new enough. */
  async add(listed: SegmentFile, ranges: readonly Range[] = [WHOLE]): Promise<"goOn" | "rest-is-old"> {
    const { logDir, signal } = this.#request;
    const path = await findSegment(logDir, listed.path);
    signal.throwIfAborted();
    if (path === undefined) return "goOn";
    const segment = { ...listed, path };
    if (plainPath(path).endsWith(".csv")) return this.#addRows(segment);
    if (path.endsWith(".gz")) return this.#addUnpacked(segment);
    try {
      return await this.#addBack(segment, ranges);
    } catch (cause) {
      // Compressed or moved since it was found: it is found again under its new name.
      if (systemCode(cause) !== "ENOENT") throw cause;
      return this.add(listed, ranges);
    }
  }

  /** Rows can have several lines, and tables are small: they are read one by one. */
  async #addRows(segment: SegmentFile): Promise<"goOn"> {
    const { logDir, wanted, signal } = this.#request;
    for await (const entry of readEntries(logDir, segment, { wanted })) {
      this.#take(entry);
      signal.throwIfAborted();
    }
    return "goOn";
  }

  async #addUnpacked(segment: SegmentFile): Promise<"goOn"> {
    for await (const piece of piecesForward(this.#request.logDir, segment)) this.#addPiece(segment, piece);
    return "goOn";
  }

  async #addBack(segment: SegmentFile, ranges: readonly Range[]): Promise<"goOn" | "rest-is-old"> {
    let oldBytes = 0;
    for (const { start, end } of ranges.toReversed()) {
      const range = { ...segment, startBytes: start, ...(end < WHOLE.end && { endBytes: end }) };
      for await (const piece of piecesBack(this.#request.logDir, range)) {
        this.#addPiece(segment, piece);
        oldBytes = this.#isOld(piece) ? oldBytes + piece.bytes.length : 0;
        if (oldBytes >= DISORDER_BYTES) return "rest-is-old";
      }
    }
    return "goOn";
  }

  #addPiece(segment: SegmentFile, { bytes, at }: Piece): void {
    const { wanted, signal } = this.#request;
    signal.throwIfAborted();
    const path = plainPath(segment.path);
    const visit = (start: number, end: number): void => {
      const text = bytes.toString("utf8", start, end);
      const ts = timeIfWanted(text, wanted);
      if (ts !== undefined) this.#take({ ts, text, path, at: at + start, header: undefined });
    };
    if (this.#needle === undefined) eachLine(bytes, visit);
    else this.#needle.eachLine(bytes, visit);
  }

  #take(entry: Entry): void {
    const { found, until, query } = this.#request;
    if (found.isOld(entry.ts) || (until !== undefined && entry.ts > until)) return;
    if (query.test(entry)) found.add(entry);
  }

  /** Whether all lines of a piece are older than what would be taken. */
  #isOld({ bytes }: Piece): boolean {
    const { found } = this.#request;
    if (!found.hasBorder) return false;
    for (let start = 0; start < bytes.length; ) {
      const ts = bytes.toString("latin1", start + TIME_AT.start, start + TIME_AT.end);
      if (!found.isOld(ts)) return false;
      const end = bytes.indexOf(LINE_END, start);
      if (end < 0) return true;
      start = end + 1;
    }
    return true;
  }
}

/** In a record's line, behind `{"ts":"`. */
const TIME_AT = { start: 7, end: 37 } as const;
const LINE_END = 0x0a;
