import type { Entry } from "../reading/entries.js";
import { findSegment, readLines } from "../reading/read-lines.js";
import { piecesBack } from "./pieces.js";

/** What stands around an entry in its file, oldest first. */
export interface Context {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** There are many hits, and few lines around each. */
const PIECE_BYTES = 16 * 1024;

const NONE: Context = { before: [], after: [] };

/** Up to `count` stored lines on both sides of a record that a search found; none of a row's, or where its file is gone. */
export async function contextOf(
  logDir: string,
  { path, at, header }: Entry,
  count: number,
): Promise<Context> {
  const found = header === undefined ? await findSegment(logDir, path) : undefined;
  if (found === undefined || count === 0) return NONE;
  const segment = { path: found, date: "" };
  const before = found.endsWith(".gz")
    ? await linesUntil(logDir, { ...segment, endBytes: at }, count)
    : await linesBack(logDir, { ...segment, endBytes: at }, count);
  const after: string[] = [];
  for await (const line of readLines(logDir, segment, { startBytes: at, aheadBytes: PIECE_BYTES })) {
    after.push(line);
    if (after.length > count) break;
  }
  return { before, after: after.slice(1) };
}

type Range = Parameters<typeof piecesBack>[1];

async function linesBack(logDir: string, range: Range, count: number): Promise<string[]> {
  let lines: string[] = [];
  for await (const { bytes } of piecesBack(logDir, range, PIECE_BYTES)) {
    lines = [...bytes.toString("utf8").split("\n").slice(0, -1), ...lines];
    if (lines.length >= count) break;
  }
  return lines.slice(-count);
}

/** What is compressed can only be read from its beginning. */
async function linesUntil(logDir: string, range: Range, count: number): Promise<string[]> {
  const lines: string[] = [];
  if (range.endBytes === 0) return lines;
  for await (const line of readLines(logDir, range)) {
    lines.push(line);
    if (lines.length > count) lines.shift();
  }
  return lines;
}
