import { setImmediate as turn } from "node:timers/promises";
import { findSegment } from "../../reading/read-lines.js";
import { eachLine } from "../needle.js";
import { piecesForward } from "../pieces.js";
import { CountsBuilder } from "./counts.js";
import { type FilterBuilder, joinFilters } from "./filter.js";
import { MOST_PARTS, type SegmentIndex } from "./index-file.js";

/** A part that may hold a word is read: so much costs some milliseconds, and smaller ones repeat the same words in more filters. */
const PART_BYTES = 4 * 1024 * 1024;

/** Reads a sealed segment once. Undefined when it is gone. Others get their turn between the pieces. */
export async function buildIndex(
  logDir: string,
  segmentPath: string,
  filter: FilterBuilder,
  signal: AbortSignal,
): Promise<SegmentIndex | undefined> {
  const path = await findSegment(logDir, segmentPath);
  if (path === undefined) return undefined;
  const counts = new CountsBuilder();
  const parts: number[] = [];
  const filters: Uint32Array[] = [];
  let bytes = 0;
  const endPart = () => {
    parts.push(bytes);
    filters.push(filter.finish());
  };
  for await (const piece of piecesForward(logDir, { path, date: "" })) {
    signal.throwIfAborted();
    filter.add(piece.bytes);
    eachLine(piece.bytes, (start, end) => counts.add(piece.bytes.toString("latin1", start, end)));
    bytes = piece.at + piece.bytes.length;
    const partBytes = bytes - (parts.at(-1) ?? 0);
    if (partBytes >= PART_BYTES && parts.length < MOST_PARTS - 1) endPart();
    await turn();
  }
  if ((parts.at(-1) ?? 0) < bytes) endPart();
  const { lines, from, to } = counts;
  return { bytes, lines, from, to, parts, filters: joinFilters(filters), counts: counts.list() };
}
