import type { FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeFolderBelow, openBelow, replaceBelow } from "../../core/below.js";
import { readBytes } from "../../reading/read-bytes.js";
import { plainPath } from "../../reading/segments.js";
import type { MinuteCounts } from "./counts.js";

/**
 * What is known of a sealed segment without reading it. A cache: it is made anew when it is missing, and asked only as long as the segment
 * has the size that it was made of. First a line of JSON (`Head`), then the filters of its parts, then the counts as JSON.
 */
export interface SegmentIndex {
  /** Bytes of the segment, uncompressed. */
  readonly bytes: number;
  readonly lines: number;
  /** The minutes of the first and the last record, `2026-01-31T12:00`; empty where there is none. */
  readonly from: string;
  readonly to: string;
  /** Where the parts end that have filters of their own, in its uncompressed text; each begins and ends with a line. */
  readonly parts: readonly number[];
  /** See `joinFilters`. */
  readonly filters: Buffer;
  readonly counts: readonly MinuteCounts[];
}

export interface Head extends Pick<SegmentIndex, "bytes" | "lines" | "from" | "to" | "parts"> {
  readonly version: 2;
  readonly filterBytes: number;
  readonly countsBytes: number;
}

/** Below the log folder. */
export const INDEX_FOLDER = ".sidecar/search";
export const INDEX_ENDING = ".index2";
/** So many parts a segment has at most: what comes behind belongs to the last. */
export const MOST_PARTS = 64;
const MOST_HEAD_BYTES = 4096;

/** Where the index of a segment stands, wherever that has been moved to. */
export function indexPath(segmentPath: string): string {
  return join(INDEX_FOLDER, `${plainPath(segmentPath)}${INDEX_ENDING}`);
}

/** Not synced: after a loss of power it is missing or broken, and made anew. */
export async function writeIndexFile(
  logDir: string,
  segmentPath: string,
  index: SegmentIndex,
): Promise<void> {
  const { bytes, lines, from, to, parts, filters } = index;
  const counts = Buffer.from(JSON.stringify(index.counts));
  const sizes = { filterBytes: filters.length, countsBytes: counts.length };
  const head: Head = { version: 2, bytes, lines, from, to, ...sizes, parts };
  const path = indexPath(segmentPath);
  await makeFolderBelow(logDir, dirname(path));
  const content = Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), filters, counts]);
  await replaceBelow(logDir, path, content);
}

/** An index as it is asked: only what is needed of it is read. */
export class IndexFile {
  readonly head: Head;
  readonly #file: FileHandle;
  readonly #headBytes: number;

  private constructor(file: FileHandle, head: Head, headBytes: number) {
    this.#file = file;
    this.head = head;
    this.#headBytes = headBytes;
  }

  /** Undefined where there is none that can be used. */
  static async open(logDir: string, segmentPath: string): Promise<IndexFile | undefined> {
    let file: FileHandle | undefined;
    try {
      file = await openBelow(logDir, indexPath(segmentPath));
      const front = await readBytes(file, 0, MOST_HEAD_BYTES);
      const end = front.indexOf(0x0a);
      const head = JSON.parse(front.toString("utf8", 0, end)) as Head;
      if (head.version !== 2) throw new Error("it is of another version");
      const { size } = await file.stat();
      if (size !== end + 1 + head.filterBytes + head.countsBytes) throw new Error("it was cut");
      return new IndexFile(file, head, end + 1);
    } catch {
      await file?.close();
      return undefined;
    }
  }

  /** Bytes of the filters, from the beginning of the first. */
  readFilters(at: number, length: number): Promise<Buffer> {
    const start = this.#headBytes + at;
    return readBytes(this.#file, start, start + length);
  }

  async readCounts(): Promise<readonly MinuteCounts[]> {
    const start = this.#headBytes + this.head.filterBytes;
    const text = await readBytes(this.#file, start, start + this.head.countsBytes);
    return JSON.parse(text.toString("utf8")) as MinuteCounts[];
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
