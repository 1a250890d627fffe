import { type FileHandle, mkdir, open, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readBytes } from "../../reading/read-bytes.js";
import { plainPath } from "../../reading/segments.js";
import type { MinuteCounts } from "./counts.js";

/**
 * What is known of a sealed segment without reading it. A cache: it is made anew when it is missing, and asked only as long as the segment
 * has the size that it was made of. First a line of JSON (`Head`), then the filter, then the counts as JSON.
 */
export interface SegmentIndex {
  /** Bytes of the segment, uncompressed. */
  readonly bytes: number;
  readonly lines: number;
  /** The minutes of the first and the last record, `2026-01-31T12:00`; empty where there is none. */
  readonly from: string;
  readonly to: string;
  readonly filter: Buffer;
  readonly counts: readonly MinuteCounts[];
}

export interface Head extends Pick<SegmentIndex, "bytes" | "lines" | "from" | "to"> {
  readonly version: 1;
  readonly filterBytes: number;
  readonly countsBytes: number;
}

/** Below the log folder. */
export const INDEX_FOLDER = ".sidecar/search";
export const INDEX_ENDING = ".idx";
const MOST_HEAD_BYTES = 512;

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
  const { bytes, lines, from, to, filter } = index;
  const counts = Buffer.from(JSON.stringify(index.counts));
  const sizes = { filterBytes: filter.length, countsBytes: counts.length };
  const head: Head = { version: 1, bytes, lines, from, to, ...sizes };
  const path = join(logDir, indexPath(segmentPath));
  await mkdir(dirname(path), { recursive: true, mode: 0o750 });
  const content = Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), filter, counts]);
  await writeFile(`${path}.new`, content, { mode: 0o640 });
  await rename(`${path}.new`, path);
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
      file = await open(join(logDir, indexPath(segmentPath)));
      const front = await readBytes(file, 0, MOST_HEAD_BYTES);
      const end = front.indexOf(0x0a);
      const head = JSON.parse(front.toString("utf8", 0, end)) as Head;
      if (head.version !== 1) throw new Error("it is of another version");
      const { size } = await file.stat();
      if (size !== end + 1 + head.filterBytes + head.countsBytes) throw new Error("it was cut");
      return new IndexFile(file, head, end + 1);
    } catch {
      await file?.close();
      return undefined;
    }
  }

  /** Bytes of the filter. */
  readFilter(at: number, length: number): Promise<Buffer> {
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
