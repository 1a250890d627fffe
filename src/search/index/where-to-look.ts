import { findSegment } from "../../reading/read-lines.js";
import type { SegmentFile } from "../../reading/segments.js";
import { partsMayHold } from "./filter.js";
import { type Head, IndexFile } from "./index-file.js";
import { segmentSize } from "./segment-size.js";

export interface Asked {
  /** See `requiredTokens`. */
  readonly tokens: readonly number[];
  /** Engine timestamps. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

const MINUTE = "2026-01-31T12:00".length;

/** A part of a segment's uncompressed text that begins and ends with a line. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Where in a segment something can be found, as its index says: nowhere when empty, in the parts that are named, in order, or anywhere when
 * undefined, as where there is no index, or the file is not the one that it was made of.
 */
export async function whereToLook(
  logDir: string,
  segment: SegmentFile,
  asked: Asked,
): Promise<readonly Range[] | undefined> {
  const { tokens, since, until } = asked;
  if (tokens.length === 0 && since === undefined && until === undefined) return undefined;
  const index = await IndexFile.open(logDir, segment.path);
  if (index === undefined) return undefined;
  try {
    const path = await findSegment(logDir, segment.path);
    if (path === undefined || (await segmentSize(logDir, path)) !== index.head.bytes) return undefined;
    if (isOutside(index.head, since, until)) return [];
    return tokens.length === 0 ? undefined : await partsThatMayHold(index, tokens);
  } catch {
    // Compressed, moved or deleted meanwhile: looking into it says what is there.
    return undefined;
  } finally {
    await index.close();
  }
}

async function partsThatMayHold(index: IndexFile, tokens: readonly number[]): Promise<readonly Range[]> {
  const { parts, filterBytes } = index.head;
  const sizes = { parts: parts.length, filterBytes };
  const answers = await partsMayHold(tokens, sizes, (at, length) => index.readFilters(at, length));
  const ranges: Range[] = [];
  let start = 0;
  for (const [part, end] of parts.entries()) {
    const before = ranges.at(-1);
    if (answers[part] && before?.end === start) ranges[ranges.length - 1] = { start: before.start, end };
    else if (answers[part]) ranges.push({ start, end });
    start = end;
  }
  return ranges;
}

/** A segment without any record of ours is not left out by its times: a reader might still see a line in it. */
function isOutside({ from, to }: Head, since: string | undefined, until: string | undefined): boolean {
  if (from === "") return false;
  return (
    (since !== undefined && to < since.slice(0, MINUTE)) ||
    (until !== undefined && from > until.slice(0, MINUTE))
  );
}
