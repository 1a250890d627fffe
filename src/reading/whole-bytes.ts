import { openBelow } from "../core/below.js";
import { EntryCutter } from "./entries.js";
import { readBack } from "./read-back.js";
import { readBytes } from "./read-bytes.js";
import { readLines } from "./read-lines.js";
import type { SegmentFile } from "./segments.js";

/** How many bytes of an open segment are whole entries. */
export async function wholeBytes(logDir: string, segment: SegmentFile, size: number): Promise<number> {
  const file = await openBelow(logDir, segment.path);
  try {
    const [last] = await readBytes(file, Math.max(0, size - 1), size);
    if (last === undefined || last === 0x0a) return size;
  } finally {
    await file.close();
  }
  if (!segment.path.endsWith(".csv")) {
    for await (const { startBytes, bytes } of readBack(logDir, { ...segment, endBytes: size }))
      return startBytes + bytes;
    return 0;
  }
  const cutter = new EntryCutter(segment, {});
  let whole = 0;
  let at = 0;
  for await (const line of readLines(logDir, { ...segment, endBytes: size })) {
    at += Buffer.byteLength(line) + 1;
    cutter.take(line);
    if (cutter.isWhole) whole = at;
  }
  return whole;
}
