import { setImmediate as turn } from "node:timers/promises";
import { findSegment } from "../../reading/read-lines.js";
import { eachLine } from "../needle.js";
import { piecesForward } from "../pieces.js";
import { CountsBuilder } from "./counts.js";
import type { FilterBuilder } from "./filter.js";
import type { SegmentIndex } from "./index-file.js";

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
  let bytes = 0;
  for await (const piece of piecesForward(logDir, { path, date: "" })) {
    signal.throwIfAborted();
    filter.add(piece.bytes);
    eachLine(piece.bytes, (start, end) => counts.add(piece.bytes.toString("latin1", start, end)));
    bytes = piece.at + piece.bytes.length;
    await turn();
  }
  const { lines, from, to } = counts;
  return { bytes, lines, from, to, filter: filter.finish(), counts: counts.list() };
}
