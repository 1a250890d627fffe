import type { Position } from "../../position.js";
import type { ReadEntry } from "./entry.js";
import type { LogFile } from "./log-file.js";
import type { LogFiles } from "./log-files.js";

/** The longest entry, and some room: each of a message's 16,384 bytes as an escape of six. */
const LONGEST_BYTES = 128 * 1024;

/** The file in which a remembered place is, if the message that was taken last stands before it there. */
export function findPlace(
  files: LogFiles,
  { file: place, last }: Position,
  readEntry: ReadEntry,
): LogFile | undefined {
  if (place === undefined) return undefined;
  const file = files.all.find(({ inode, compressed }) => inode === place.inode && !compressed);
  if (file === undefined || file.bytes < place.offset) return undefined;
  const bytes = file.bytesUpTo(place.offset, LONGEST_BYTES);
  const end = bytes.length - 1;
  if (bytes[end] !== 10) return undefined;
  const begin = bytes.lastIndexOf(10, end - 1) + 1;
  const entry = readEntry(bytes.toString("latin1", begin, end), false);
  const [ts, stream, length] = last;
  const same = entry?.ts === ts && entry.stream === stream && entry.raw.length === length;
  return same ? file : undefined;
}
