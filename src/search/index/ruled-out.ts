import { findSegment } from "../../reading/read-lines.js";
import type { SegmentFile } from "../../reading/segments.js";
import { mayHoldAll } from "./filter.js";
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

/** Whether a segment's index says that nothing in it can be found. False where there is none, or the file is not the one that it was made of. */
export async function isRuledOut(logDir: string, segment: SegmentFile, asked: Asked): Promise<boolean> {
  const { tokens, since, until } = asked;
  if (tokens.length === 0 && since === undefined && until === undefined) return false;
  const index = await IndexFile.open(logDir, segment.path);
  if (index === undefined) return false;
  try {
    const path = await findSegment(logDir, segment.path);
    if (path === undefined || (await segmentSize(logDir, path)) !== index.head.bytes) return false;
    if (isOutside(index.head, since, until)) return true;
    return !(await mayHoldAll(tokens, index.head.filterBytes, (at, length) => index.readFilter(at, length)));
  } catch {
    // Compressed, moved or deleted meanwhile: looking into it says what is there.
    return false;
  } finally {
    await index.close();
  }
}

/** A segment without any record of ours is not left out by its times: a reader might still see a line in it. */
function isOutside({ from, to }: Head, since: string | undefined, until: string | undefined): boolean {
  if (from === "") return false;
  return (
    (since !== undefined && to < since.slice(0, MINUTE)) ||
    (until !== undefined && from > until.slice(0, MINUTE))
  );
}
