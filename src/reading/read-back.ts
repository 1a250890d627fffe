import { openBelow } from "../core/below.js";
import { readBytes } from "./read-bytes.js";
import type { SegmentFile } from "./segments.js";

/** Lines that stand one behind the other in a file. */
export interface Block {
  readonly lines: readonly string[];
  /** Where the first of them begins. */
  readonly startBytes: number;
  readonly bytes: number;
}

const BLOCK_BYTES = 256 * 1024;
const LINE_END = 0x0a;

/**
 * The lines of an uncompressed segment from its end to its beginning, block by block, so that the end of a large file costs no
 * more than that of a small one. A last line without its end is left out.
 */
export async function* readBack(logDir: string, segment: SegmentFile): AsyncGenerator<Block> {
  const file = await openBelow(logDir, segment.path);
  try {
    let end = segment.endBytes ?? (await file.stat()).size;
    let behind: Buffer = Buffer.alloc(0);
    let isEnd = true;
    while (end > 0) {
      const start = Math.max(0, end - BLOCK_BYTES);
      const text = Buffer.concat([await readBytes(file, start, end), behind]);
      end = start;
      // Bytes before the first line end belong to a line that begins further in front.
      const border = start === 0 ? 0 : text.indexOf(LINE_END) + 1;
      if (border === 0 && start > 0) {
        behind = text;
        continue;
      }
      behind = text.subarray(0, border);
      const whole = text.subarray(border, isEnd ? text.lastIndexOf(LINE_END) + 1 : text.length);
      isEnd = false;
      if (whole.length === 0) continue;
      const lines = whole.toString("utf8").split("\n");
      lines.pop();
      yield { lines, startBytes: start + border, bytes: whole.length };
    }
  } finally {
    await file.close();
  }
}
